import type { Failure } from "../failure.ts";

interface View {
  readonly title: string;
  readonly advice: string;
}

/** What went wrong and what to do, apart from "no tags", which is an answer. */
export function FailureNotice({ failure }: { failure: Failure }) {
  const { title, advice } = viewOf(failure);
  return (
    <div role="alert" className="rounded-panel border border-danger bg-danger-tint p-5">
      <h2 className="text-lg font-bold tracking-tight text-danger">{title}</h2>
      <p className="mt-1.5">{advice}</p>
    </div>
  );
}

function viewOf(failure: Failure): View {
  switch (failure.kind) {
    case "invalid":
      return { title: "Not asked yet", advice: "Mend what is marked in the form, then ask again." };
    case "too_large":
      return {
        title: "The question is too large",
        advice:
          "Shorten the body to the part that matters, at most 100,000 characters. Where the form is empty now, your browser’s Back button brings the text back.",
      };
    case "unreachable":
      return {
        title: "The tagging service can’t be reached",
        advice: "It may be restarting. Your question is still in the form: ask again in a minute.",
      };
    case "loading":
      return {
        title: "The model is still loading",
        advice: "The service has just started. Your question is still in the form: ask again in a few seconds.",
      };
    case "overloaded":
      return {
        title: "Too many questions at once",
        advice: `The service is busy. Your question is still in the form: ask again in ${seconds(failure.retryAfterSeconds)}.`,
      };
    case "timeout":
      return {
        title: "The answer took too long",
        advice: "Your question is still in the form: ask again, and shorten the body if it is very long.",
      };
    case "garbled":
      return {
        title: "The answer could not be read",
        advice:
          "Something else than the tagging service answered. Ask again in a minute; if this stays, tell whoever runs this site.",
      };
    case "failed":
      return {
        title: "The tagging service failed",
        advice: "It could not tag this question. Ask again; if this stays, tell whoever runs this site.",
      };
  }
}

const seconds = (count: number) => `${count} second${count === 1 ? "" : "s"}`;
