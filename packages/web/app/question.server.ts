import { z } from "zod";
import type { Result } from "./failure.ts";
import { limits } from "./limits.ts";

export interface Question {
  readonly title: string;
  readonly body: string;
}

/** A submitted form: what stood in its fields, which the page shows again, and whether it can be asked. */
export interface Submission {
  /** Absent where the form was not read. */
  readonly values?: Question;
  readonly question: Result<Question>;
}

const tooLong = (most: number) => ({
  error: ({ input }: { input?: unknown }) =>
    `This is ${grouped(String(input).length)} characters long; at most ${grouped(most)} can be read.`,
});

const schema = z.object({
  title: z
    .string()
    .trim()
    .min(1, "Give your question a title.")
    .max(limits.titleCharacters, tooLong(limits.titleCharacters)),
  body: z.string().max(limits.bodyCharacters, tooLong(limits.bodyCharacters)),
});

/**
 * Reads the generator's form, and no more of it than `limits.formBytes`. Never throws for what a visitor typed.
 * @throws {Response} 400 for what is no form: no page of ours sends that.
 */
export async function readSubmission(request: Request): Promise<Submission> {
  // Node holds a body to the length that its header announces.
  const bytes = Number(request.headers.get("content-length") ?? Infinity);
  if (!(bytes <= limits.formBytes)) return { question: { ok: false, failure: { kind: "too_large" } } };
  const form = await request.formData().catch(() => {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- Remix answers with a Response that is thrown
    throw new Response("This is not a form.", { status: 400 });
  });
  const values = { title: text(form.get("title")), body: text(form.get("body")) };
  return { values, question: validate(values) };
}

function validate(values: Question): Result<Question> {
  const parsed = schema.safeParse(values);
  if (parsed.success) return { ok: true, value: parsed.data };
  const { title, body } = z.flattenError(parsed.error).fieldErrors;
  return { ok: false, failure: { kind: "invalid", fields: { title: title?.[0], body: body?.[0] } } };
}

/** A form's line ends are CRLF on the wire; on the page, where characters are counted, they are LF. */
const text = (value: FormDataEntryValue | null) => (typeof value === "string" ? value.replaceAll("\r\n", "\n") : "");

const grouped = (count: number) => count.toLocaleString("en");
