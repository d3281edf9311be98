import type { Question } from "../question.ts";

const key = "draft";

/** Keeps what stands in the form for this tab, until it is closed. A browser that keeps nothing loses nothing else. */
export function keepDraft(values: Question): void {
  try {
    sessionStorage.setItem(key, JSON.stringify(values));
  } catch {
    // Without room or leave to store, the text is still in the form.
  }
}

export function readDraft(): Question | undefined {
  try {
    const { title, body } = JSON.parse(sessionStorage.getItem(key) ?? "{}") as Partial<Record<string, unknown>>;
    return typeof title === "string" && typeof body === "string" ? { title, body } : undefined;
  } catch {
    return undefined;
  }
}
