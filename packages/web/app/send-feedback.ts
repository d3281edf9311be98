import type { FeedbackOutcome } from "./feedback.ts";

/** The server gives up on the store before this. */
const deadlineMs = 30_000;

/** Never rejects: where no answer of this site's comes, nobody knows of anything stored. */
export async function sendFeedback(form: HTMLFormElement): Promise<FeedbackOutcome> {
  try {
    const signal = AbortSignal.timeout(deadlineMs);
    const response = await fetch("/feedback/send", { method: "POST", body: new FormData(form), signal });
    return (await response.json()) as FeedbackOutcome;
  } catch {
    return { kind: "failed" };
  }
}
