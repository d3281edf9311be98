import type { ZodType } from "zod";
import type { BundleError } from "./errors.ts";
import { describeIssues } from "./issues.ts";

/** zod compiles a schema's first parse to JavaScript, which takes longer than the few parses that there are. */
const readOnce = { jitless: true } as const;

/** Of a text that isn't what it should be: `problem` follows the text's name, as ` is not JSON` or `: labels: …`. */
type Refuse = (problem: string, cause: unknown) => BundleError;

/** Reads a small JSON document. Throws what `refuse` makes of what is wrong with it. */
export function readJson<T>(text: string, schema: ZodType<T>, refuse: Refuse): T {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw refuse(" is not JSON", cause);
  }
  const parsed = schema.safeParse(json, readOnce);
  if (parsed.success) return parsed.data;
  throw refuse(`: ${describeIssues(parsed.error)}`, parsed.error);
}
