import type { Failure } from "../failure.ts";

export interface FailureText {
  readonly title: string;
  readonly reason: string;
  /** When to ask again; absent where that changes nothing. */
  readonly when?: string;
}

/** A failure in words. "No tags" is an answer and has none. */
export function failureText(failure: Failure): FailureText {
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
    case "no_text":
      return {
        title: "The model in use doesn’t read questions",
        reason: "It reads rows of numbers, through the API alone.",
      };
    case "no_tag":
      return {
        title: "The model in use doesn’t know this tag",
        reason: "Another one has taken its place since: ask for the question’s tags anew.",
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

/** When to try again. */
export const inSeconds = (count: number) => `in ${count} second${count === 1 ? "" : "s"}`;
