import { useState, type FormEvent } from "react";
import type { FeedbackOutcome, FeedbackValues } from "../feedback.ts";
import { sendFeedback } from "../send-feedback.ts";
import { Button } from "./button.tsx";
import { inSeconds } from "./failure-text.ts";
import { TextField } from "./field.tsx";
import { Notice } from "./notice.tsx";

interface Props {
  readonly values: FeedbackValues;
  /** Of a form that was sent without scripts. */
  readonly outcome?: FeedbackOutcome | undefined;
}

/** Thumbs for each tag, and room for those that are missing. What was filled in stays until it is stored. */
export function FeedbackForm({ values, outcome: earlier }: Props) {
  const [outcome, setOutcome] = useState(earlier);
  const [isSending, setSending] = useState(false);

  const send = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (isSending) return;
    setSending(true);
    setOutcome(undefined); // so that the same words are read again
    const form = event.currentTarget;
    const came = await sendFeedback(form);
    if (came.kind === "stored" && form.contains(document.activeElement)) focusBefore(form);
    setOutcome(came);
    setSending(false);
  };
  if (outcome?.kind === "stored") {
    return (
      <Notice kind="success" title="Thank you">
        <p>Your feedback is stored. The next training of the model reads it.</p>
      </Notice>
    );
  }
  const { question, model, tags, ratings, added, keepsText } = values;
  return (
    <form method="post" action="/feedback" onSubmit={(event) => void send(event)} className="grid gap-5">
      <Judged question={question} model={model} />
      {tags.map((tag) => (
        <Rating key={tag} tag={tag} rating={ratings[tag]} />
      ))}
      <TextField
        label="Missing tags"
        name="added"
        hint="With blanks or commas between them; one of several words in quotes."
        autoComplete="off"
        autoCapitalize="off"
        defaultValue={added}
      />
      <KeepText isKept={keepsText} />
      {outcome && <Refusal outcome={outcome} />}
      <Button type="submit" className="justify-self-start" aria-disabled={isSending}>
        Send feedback
      </Button>
    </form>
  );
}

/** The form goes, and its focused button with it; the summary above it stays. */
const focusBefore = (form: HTMLFormElement) => form.closest("details")?.querySelector("summary")?.focus();

function Judged({ question, model }: Pick<FeedbackValues, "question" | "model">) {
  return (
    <>
      <input type="hidden" name="title" value={question.title} />
      <input type="hidden" name="body" value={question.body} />
      <input type="hidden" name="model_name" value={model.name} />
      <input type="hidden" name="model_version" value={model.version} />
    </>
  );
}

function Rating({ tag, rating }: { tag: string; rating: "up" | "down" | undefined }) {
  const choices = [
    ["up", "Fits"],
    ["down", "Doesn’t fit"],
  ] as const;
  return (
    <fieldset className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
      <legend translate="no" className="float-left mr-auto min-w-0 font-medium">
        {tag}
      </legend>
      <input type="hidden" name="tag" value={tag} />
      <div className="flex flex-wrap gap-x-4 gap-y-1">
        {choices.map(([value, label]) => (
          <label key={value} className="flex items-center gap-1.5">
            <input
              type="radio"
              name={`rating-${tag}`}
              value={value}
              defaultChecked={rating === value}
              className="accent-ember"
            />
            <Thumb isDown={value === "down"} />
            {label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function KeepText({ isKept }: { isKept: boolean }) {
  return (
    <label className="flex items-baseline gap-2">
      <input type="checkbox" name="keep_text" value="yes" defaultChecked={isKept} className="accent-ember" />
      <span>
        Store my question’s text with it
        <span className="block text-sm text-muted">
          Otherwise only the tags are kept, and a fingerprint of the question. Neither your address nor your name is.
        </span>
      </span>
    </label>
  );
}

function Thumb({ isDown }: { isDown: boolean }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" className={`size-4 fill-iron ${isDown ? "rotate-180" : ""}`}>
      <path d="M2 10h4v11H2zM8 21h9.3a2 2 0 0 0 2-1.6l1.6-8A2 2 0 0 0 19 9h-6l1-4.6A2 2 0 0 0 12 2L8 9.5z" />
    </svg>
  );
}

function Refusal({ outcome }: { outcome: Exclude<FeedbackOutcome, { kind: "stored" }> }) {
  switch (outcome.kind) {
    case "invalid":
      return <Notice kind="danger" title={outcome.reason} />;
    case "limited":
      return (
        <Notice kind="danger" title="Too much feedback at once">
          <p>What you filled in is still here. Send it again {inSeconds(outcome.retryAfterSeconds)}.</p>
        </Notice>
      );
    case "failed":
      return (
        <Notice kind="danger" title="Your feedback could not be stored">
          <p>What you filled in is still here. Send it again in a minute.</p>
        </Notice>
      );
  }
}
