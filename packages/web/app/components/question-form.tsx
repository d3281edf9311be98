import type { ReactNode, RefObject } from "react";
import type { FieldErrors } from "../failure.ts";
import { limits } from "../limits.ts";
import { toQuestion, type Question } from "../question.ts";
import { BodyField } from "./body-field.tsx";
import { Button } from "./button.tsx";
import { Counter } from "./counter.tsx";
import { TextField } from "./field.tsx";

/** Buttons elsewhere on the page submit this form too. */
export const questionFormId = "question";

interface Props {
  readonly form: RefObject<HTMLFormElement>;
  readonly values: Question;
  readonly errors: FieldErrors;
  readonly isPending: boolean;
  /** The id of the answer, where a page without JavaScript scrolls to. */
  readonly answerId: string;
  readonly onType: (values: Question) => void;
  readonly onSubmit: () => void;
  readonly options: ReactNode;
  /** What else can be done with the question. */
  readonly actions: ReactNode;
}

/** The question. Its fields keep what is typed in them whatever the answer is. */
export function QuestionForm({ form, values, errors, onType, ...props }: Props) {
  return (
    <form
      ref={form}
      id={questionFormId}
      method="post"
      action={`/?index#${props.answerId}`}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        props.onSubmit();
      }}
      className="grid grid-cols-1 content-start gap-6"
    >
      <TextField
        label="Title"
        name="title"
        hint="One line, as you would ask it."
        required
        autoComplete="off"
        dir="auto"
        value={values.title}
        onChange={({ target }) => onType({ ...values, title: target.value })}
        error={errors.title}
        aside={<Counter count={toQuestion(values).title.length} most={limits.titleCharacters} />}
      />
      <BodyField value={values.body} onChange={(body) => onType({ ...values, body })} error={errors.body} />
      {props.options}
      <div className="flex flex-wrap items-center gap-3 print:hidden">
        <Button type="submit" look="primary">
          {props.isPending ? "Suggesting…" : "Suggest tags"}
        </Button>
        {props.actions}
      </div>
    </form>
  );
}
