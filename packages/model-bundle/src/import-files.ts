import { readFile } from "node:fs/promises";
import * as z from "zod";
import { BundleError, messageOf } from "./errors.ts";
import { probability, type GoldenExample } from "./manifest.ts";
import { readJson } from "./read-json.ts";

/** Whole numbers, too, as classes often are. */
const namesSchema = z.array(z.union([z.string(), z.int().transform(String)]));
const probabilities = z.array(probability);
const goldenSchema = z.array(
  z.union([
    z.strictObject({ title: z.string(), body: z.string().default(""), probabilities }),
    z.strictObject({ floats: z.array(z.number().nullable()), probabilities }),
  ]),
);

/** Takes off the mark that Windows' editors begin a file with. */
const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Labels or columns in the model's order: a JSON array of strings or whole numbers, or a text with one a line. */
export async function readNames(path: string): Promise<string[]> {
  if (path.endsWith(".json")) return readJsonFile(path, namesSchema);
  return (await readText(path)).split(/\r?\n/).filter((line) => line !== "");
}

/** Recorded answers: a JSON array of `{title, body, probabilities}` or of `{floats, probabilities}`. */
export async function readGolden(path: string): Promise<GoldenExample[]> {
  return readJsonFile(path, goldenSchema);
}

/** @throws {BundleError} `missing_file`, `invalid_import` naming the file and its field */
export async function readJsonFile<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  return readJson(await readText(path), schema, (problem, cause) => {
    return new BundleError("invalid_import", `${path}${problem}`, { cause });
  });
}

async function readText(path: string): Promise<string> {
  const bytes = await readImported(path);
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new BundleError("invalid_import", `${path} is not UTF-8`, { cause });
  }
}

/** @throws {BundleError} `missing_file` */
export async function readImported(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new BundleError("missing_file", `${path} can't be read: ${messageOf(cause)}`, { cause });
  }
}
