import type { Result } from "./failure.ts";
import { isTooLarge, readForm, textOf } from "./form.server.ts";
import { settingsOfForm, type Settings } from "./generator/settings.ts";
import { questionErrors, toQuestion, type Question } from "./question.ts";

/** A submitted form: what stood in its fields, which the page shows again, and whether it can be asked. */
interface Submission {
  readonly question: Result<Question>;
  /** Absent where the form was not read. */
  readonly fields?: {
    readonly values: Question;
    readonly settings: Settings;
    /** The tag whose reasons are asked for beside the tags. */
    readonly explain: string | undefined;
  };
}

/**
 * Reads the generator's form, and no more of it than `limits.formBytes`. Never throws for what a visitor typed.
 * @throws {Response} 400 for what is no form: no page of ours sends that.
 */
export async function readSubmission(request: Request): Promise<Submission> {
  if (isTooLarge(request)) return { question: { ok: false, failure: { kind: "too_large" } } };
  const form = await readForm(request);
  const values = { title: textOf(form.get("title")), body: textOf(form.get("body")) };
  const explain = textOf(form.get("explain")) || undefined;
  return { question: validate(values), fields: { values, settings: settingsOfForm(form), explain } };
}

function validate(values: Question): Result<Question> {
  const fields = questionErrors(values);
  if (Object.keys(fields).length > 0) return { ok: false, failure: { kind: "invalid", fields } };
  return { ok: true, value: toQuestion(values) };
}
