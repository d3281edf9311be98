import { createHash } from "node:crypto";
import type { LoaderFunctionArgs } from "@remix-run/node";
import type { Feedback } from "@tagsmith/model-bundle/feedback";
import { feedbackLimits, feedbackStatus, type FeedbackOutcome, type FeedbackValues } from "./feedback.ts";
import { isTooLarge, readForm, textOf } from "./form.server.ts";
import { questionErrors, toQuestion, type Question } from "./question.ts";

/** A submitted form: what stood in it, which the page shows again, and what it says or why it can't be taken. */
interface SubmittedFeedback {
  /** Absent where the form was not read. */
  readonly values?: FeedbackValues;
  readonly given: Feedback | { readonly reason: string };
}

/** Keeps what the form says. Gives what came of it, and how an answer tells so. */
export async function takeFeedback({ request, context }: Pick<LoaderFunctionArgs, "request" | "context">) {
  const { values, given } = await readFeedback(request);
  const take = async (): Promise<FeedbackOutcome> => {
    if ("reason" in given) return { kind: "invalid", reason: given.reason };
    return (await context.feedback?.take(given, context.clientAddress)) ?? { kind: "failed" };
  };
  const outcome = await take();
  const headers = outcome.kind === "limited" ? { "Retry-After": String(outcome.retryAfterSeconds) } : {};
  return { values, outcome, init: { status: feedbackStatus[outcome.kind], headers } };
}

/** Reads the form, and no more of it than `limits.formBytes`. Never throws for what a visitor typed. */
export async function readFeedback(request: Request, now = new Date()): Promise<SubmittedFeedback> {
  if (isTooLarge(request)) return { given: { reason: "The form is too large." } };
  const form = await readForm(request).catch(() => undefined);
  if (!form) return { given: { reason: "This is not a form." } };
  const values = valuesOf(form);
  const reason = reasonAgainst(values);
  return { values, given: reason === undefined ? feedbackOf(values, now) : { reason } };
}

function valuesOf(form: FormData): FeedbackValues {
  const text = (name: string) => textOf(form.get(name));
  const tags = [...new Set(form.getAll("tag").map(textOf))];
  const ratings = tags.flatMap((tag) => {
    const rating = text(`rating-${tag}`);
    return rating === "up" || rating === "down" ? [[tag, rating] as const] : [];
  });
  return {
    question: { title: text("title"), body: text("body") },
    model: { name: text("model_name"), version: text("model_version") },
    tags,
    ratings: Object.fromEntries(ratings),
    added: text("added"),
    keepsText: form.has("keep_text"),
  };
}

function reasonAgainst(values: FeedbackValues): string | undefined {
  const { question, ratings } = values;
  const [judged, added] = [Object.keys(ratings), addedOf(values)];
  if (Object.keys(questionErrors(question)).length > 0) return "The question that it is about can’t be read.";
  if (judged.length === 0 && added.length === 0) return "Judge a tag or name a missing one first.";
  if (judged.length + added.length > feedbackLimits.tags) return `At most ${feedbackLimits.tags} tags can be judged.`;
  if ([...judged, ...added].every(({ length }) => length > 0 && length <= feedbackLimits.tagCharacters))
    return undefined;
  return `A tag has at most ${feedbackLimits.tagCharacters} characters.`;
}

function feedbackOf(values: FeedbackValues, now: Date): Feedback {
  const question = toQuestion(values.question);
  const rated = (as: "up" | "down") => values.tags.filter((tag) => values.ratings[tag] === as);
  const accepted = rated("up");
  return {
    schema_version: 1,
    given_at: now.toISOString(),
    model: values.model,
    question_sha256: questionHash(question),
    ...(values.keepsText && { question }),
    accepted,
    rejected: rated("down"),
    added: addedOf(values).filter((tag) => !values.tags.some((shown) => shown.toLowerCase() === tag)),
  };
}

/** In quotes, as a keyboard has them or a phone makes them, or with commas, blanks or brackets between. */
const writtenTag = /["“„]([^"“”„]*)["“”]|[^\s,;[\]<>"“”„]+/g;

/** Tags as people write them. */
function addedOf({ added }: FeedbackValues): string[] {
  const written = [...added.toLowerCase().matchAll(writtenTag)].map(([plain, quoted = plain]) => quoted.trim());
  return [...new Set(written.filter(Boolean))];
}

const questionHash = ({ title, body }: Question) =>
  createHash("sha256")
    .update(JSON.stringify([title, body]))
    .digest("hex");
