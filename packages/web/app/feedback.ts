import type { Question } from "./question.ts";

/** A tag is as long as a label may be. */
export const feedbackLimits = { tags: 50, tagCharacters: 200 } as const;

/** What came of feedback. */
export type FeedbackOutcome =
  | { readonly kind: "stored" }
  | { readonly kind: "invalid"; readonly reason: string }
  | { readonly kind: "limited"; readonly retryAfterSeconds: number }
  /** It could not be stored, or there is no place for it. */
  | { readonly kind: "failed" };

export const feedbackStatus = { stored: 200, invalid: 422, limited: 429, failed: 503 } as const satisfies Record<
  FeedbackOutcome["kind"],
  number
>;

/** What stands in the form. */
export interface FeedbackValues {
  readonly question: Question;
  readonly model: { readonly name: string; readonly version: string };
  /** The suggested tags that can be judged. */
  readonly tags: readonly string[];
  readonly ratings: Readonly<Record<string, "up" | "down">>;
  /** Missing tags as they were typed. */
  readonly added: string;
  readonly keepsText: boolean;
}
