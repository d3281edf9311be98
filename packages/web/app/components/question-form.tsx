import { Form } from "@remix-run/react";
import { useEffect, useRef } from "react";
import type { FieldErrors } from "../failure.ts";
import { Button } from "./button.tsx";
import { TextArea, TextField } from "./field.tsx";

interface Props {
  readonly values: { readonly title: string; readonly body: string };
  readonly errors: FieldErrors;
  readonly isPending: boolean;
  /** The id of the answer, where a page without JavaScript scrolls to. */
  readonly answerId: string;
}

/** The question. Its fields keep what is typed in them whatever the answer is. */
export function QuestionForm({ values, errors, isPending, answerId }: Props) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [errors]);

  return (
    <Form
      ref={form}
      method="post"
      action={`/?index#${answerId}`}
      replace
      preventScrollReset
      noValidate
      className="grid content-start gap-6"
    >
      <TextField
        label="Title"
        name="title"
        hint="One line, as you would ask it."
        required
        autoComplete="off"
        defaultValue={values.title}
        error={errors.title}
        autoFocus={errors.title !== undefined}
      />
      <TextArea
        label="Body"
        name="body"
        hint="Plain text or HTML with code. More of it makes better tags, but it may be empty."
        rows={11}
        defaultValue={values.body}
        error={errors.body}
        autoFocus={errors.title === undefined && errors.body !== undefined}
      />
      <Button type="submit" look="primary" className="justify-self-start">
        {isPending ? "Suggesting…" : "Suggest tags"}
      </Button>
    </Form>
  );
}
