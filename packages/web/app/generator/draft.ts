import type { Question } from "../question.ts";

const key = "draft";

/**
 * Keeps what stands in the form for this tab, until it is closed, and the example that the page's address names. A browser
 * that keeps nothing loses nothing else.
 */
export function keepDraft({ title, body }: Question, example: Question | undefined): void {
  try {
    sessionStorage.setItem(key, JSON.stringify({ title, body, example: example?.title }));
  } catch {
    // Without room or leave to store, the text is still in the form.
  }
}

/** What was kept; of a page with an example only what its text became there, since the example was asked for. */
export function readDraft(example: Question | undefined): Question | undefined {
  try {
    const kept = JSON.parse(sessionStorage.getItem(key) ?? "{}") as Partial<Record<string, unknown>>;
    const { title, body } = kept;
    if (example && kept["example"] !== example.title) return undefined;
    return typeof title === "string" && typeof body === "string" ? { title, body } : undefined;
  } catch {
    return undefined;
  }
}
