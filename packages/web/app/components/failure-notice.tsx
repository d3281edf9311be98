import type { Failure } from "../failure.ts";
import { Notice } from "./notice.tsx";

interface View {
  readonly title: string;
  readonly reason: string;
  /** Absent where asking again changes nothing. */
  readonly when?: string;
}

interface Props {
  readonly failure: Failure;
  /** How to ask again on this page, as the start of a sentence that ends in when. */
  readonly again: string;
}

/** What went wrong and what to do. "No tags" is an answer and looks different. */
export function FailureNotice({ failure, again }: Props) {
  const { title, reason, when } = viewOf(failure);
  return (
    <Notice kind="danger" title={title}>
      <p>
        {reason}
        {when && ` ${again} ${when}.`}
      </p>
    </Notice>
  );
}

function viewOf(failure: Failure): View {
  switch (failure.kind) {
    case "invalid":
      return { title: "The question can’t be read", reason: "What is wrong stands beside each field." };
    case "too_large":
      return {
        title: "The question is too large",
        reason:
          "Keep the part of the body that matters. If the form is empty now, your browser’s Back button brings the text back.",
      };
    case "unreachable":
      return { title: "The tagging service can’t be reached", reason: "It may be restarting.", when: "in a minute" };
    case "loading":
      return {
        title: "The model isn’t loaded yet",
        reason: "The tagging service has just started.",
        when: inSeconds(failure.retryAfterSeconds),
      };
    case "overloaded":
      return {
        title: "Too many questions at once",
        reason: "The tagging service is busy.",
        when: inSeconds(failure.retryAfterSeconds),
      };
    case "timeout":
      return {
        title: "The answer took too long",
        reason: "The tagging service was given a few seconds and used them up.",
        when: "in a moment",
      };
    case "garbled":
      return {
        title: "The answer could not be read",
        reason: "Something else answered in the tagging service’s place. If this stays, tell whoever runs this site.",
        when: "in a minute",
      };
    case "failed":
      return {
        title: "The tagging service failed",
        reason: "Something broke over there. If this stays, tell whoever runs this site.",
        when: "in a moment",
      };
  }
}

const inSeconds = (count: number) => `in ${count} second${count === 1 ? "" : "s"}`;
