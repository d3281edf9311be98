import { useSubmit } from "@remix-run/react";
import { useState, type FormEvent } from "react";
import { Button } from "../components/button.tsx";
import { ConfirmDialog } from "../components/confirm-dialog.tsx";
import { focusHeading } from "../focus-heading.ts";
import { DecisionFields } from "./decision-fields.tsx";
import type { Choice } from "./decision.server.ts";
import { questionOf } from "./question-of.ts";

/** A button that asks before it acts: in a dialog, and without scripts on a page of its own. */
export function DecideForm({ choice }: { choice: Choice }) {
  const submit = useSubmit();
  const [isAsking, setAsking] = useState(false);
  const { title, consequence, action } = questionOf(choice);
  const ask = (event: FormEvent) => {
    event.preventDefault();
    setAsking(true);
  };
  /** The outcome appears below the heading, and the button may be gone by then. */
  const close = (isConfirmed: boolean) => {
    setAsking(false);
    if (!isConfirmed) return;
    focusHeading();
    submit({ ...choice }, { method: "post", action: "/dashboard/models" });
  };
  return (
    <>
      <form method="get" action="/dashboard/models/confirm" onSubmit={ask}>
        <DecisionFields choice={choice} />
        <Button type="submit" aria-label={title.replace(/\?$/, "")}>
          {action}
        </Button>
      </form>
      {isAsking && (
        <ConfirmDialog title={title} action={action} onClose={close}>
          {consequence}
        </ConfirmDialog>
      )}
    </>
  );
}
