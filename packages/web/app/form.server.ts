import { limits } from "./limits.ts";

/** Node holds a body to the length that its header announces; one that announces none may never end. */
export const isTooLarge = ({ headers }: Request): boolean =>
  !(Number(headers.get("content-length") ?? Infinity) <= limits.formBytes);

/** A field's text; empty where there is none. A form's line ends are CRLF on the wire; on the page, where characters are counted, they are LF. */
export const textOf = (value: FormDataEntryValue | null): string =>
  typeof value === "string" ? value.replaceAll("\r\n", "\n") : "";

/**
 * A submitted form, of which no more than `limits.formBytes` is ever read.
 * @throws {Response} 413, and 400 for what is no form: no page of ours sends that.
 */
export async function readForm(request: Request): Promise<FormData> {
  if (isTooLarge(request)) throw new Response("The form is too large.", { status: 413 });
  return request.formData().catch(() => {
    throw new Response("This is not a form.", { status: 400 });
  });
}
