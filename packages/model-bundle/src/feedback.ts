import * as z from "zod";
import { BundleError } from "./errors.ts";
import { describeIssues } from "./issues.ts";

/** Objects under it are `date=YYYY-MM-DD/<time>-<id>.jsonl`, a line for each answer that somebody judged. */
export const FEEDBACK_PREFIX = "feedback/";

/** As long as a label may be. */
const tag = z.string().min(1).max(200);

const feedback = z.object({
  schema_version: z.literal(1),
  given_at: z.iso.datetime(),
  model: z.object({ name: z.string(), version: z.string() }),
  /** Of the question, as `questionHash` makes it. */
  question_sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Only where its writer wants it to be kept. */
  question: z.object({ title: z.string().min(1), body: z.string() }).optional(),
  /** Suggested tags that fit, and that don't. */
  accepted: z.array(tag),
  rejected: z.array(tag),
  /** Tags that were missing. */
  added: z.array(tag),
});

/** What somebody thinks of the tags that were suggested. Of tags that are not named nothing is known. */
export type Feedback = z.infer<typeof feedback>;

/** Where a batch of lines that is written at this time belongs; `id` tells batches of one millisecond apart. */
export function feedbackKey(at: Date, id: string): string {
  const [date = "", time = ""] = at.toISOString().split("T");
  return `${FEEDBACK_PREFIX}date=${date}/${time.replaceAll(/[:.Z]/g, "")}-${id}.jsonl`;
}

export function feedbackLine(given: Feedback): string {
  return `${JSON.stringify(given)}\n`;
}

/** Reads one line. Throws `BundleError` invalid_feedback, which names `place` and what is wrong. */
export function parseFeedback(line: string, place: string): Feedback {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new BundleError("invalid_feedback", `${place}: not JSON`, { cause });
  }
  const parsed = feedback.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new BundleError("invalid_feedback", `${place}: ${describeIssues(parsed.error)}`);
}
