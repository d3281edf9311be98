import * as z from "zod";
import { BundleError } from "./errors.ts";
import { describeIssues, type GoldenExample } from "./manifest.ts";

const labelsSchema = z.array(z.string());
const goldenSchema = z.array(
  z.strictObject({ title: z.string(), body: z.string().default(""), probabilities: z.array(z.number()) }),
);

/** Labels in the order of the model's columns: a JSON array of strings, or a text with one a line. */
export function parseLabels(path: string, text: string): string[] {
  if (path.endsWith(".json")) return parseJson(path, text, labelsSchema);
  return text.split(/\r?\n/).filter((line) => line !== "");
}

/** Recorded answers: a JSON array of `{title, body, probabilities}`. */
export function parseGolden(path: string, text: string): GoldenExample[] {
  return parseJson(path, text, goldenSchema);
}

function parseJson<T>(path: string, text: string, schema: z.ZodType<T>): T {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new BundleError("invalid_import", `${path} is not JSON`, { cause });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new BundleError("invalid_import", `${path}: ${describeIssues(parsed.error)}`, { cause: parsed.error });
}
