import { dirname, join } from "node:path";
import * as z from "zod";
import { BundleError, isBundleError } from "./errors.ts";
import { readJsonFile } from "./import-files.ts";
import type { InputOf } from "./manifest-input.ts";
import type { Manifest } from "./manifest.ts";

const config = z.object({
  id2label: z.record(z.string().regex(/^\d+$/), z.string()).optional(),
  problem_type: z.enum(["multi_label_classification", "single_label_classification"]).nullish(),
  max_position_embeddings: z.int().nullish(),
});
const tokenizerConfig = z.object({
  model_max_length: z.number().nullish(),
  truncation_side: z.enum(["left", "right"]).nullish(),
});
const tokenizerFile = z.object({
  truncation: z.object({ max_length: z.int(), direction: z.enum(["Left", "Right"]).nullish() }).nullish(),
});

/** What the files of a Hugging Face model say of it; whatever isn't there is undefined. */
export interface Classifier {
  readonly labels: readonly string[] | undefined;
  readonly activation: Manifest["activation"];
  readonly maxTokens: number | undefined;
  readonly truncationSide: InputOf<"tokens">["truncation_side"];
}

/**
 * Reads `config.json` and `tokenizer_config.json`, which may be missing, beside a `tokenizer.json`.
 * @throws {BundleError} `missing_file`, `invalid_import` naming the file and its field
 */
export async function readClassifier(tokenizerPath: string): Promise<Classifier> {
  const beside = (name: string) => join(dirname(tokenizerPath), name);
  const { truncation } = await readJsonFile(tokenizerPath, tokenizerFile);
  const model = await readJsonFile(beside("config.json"), config).catch(ifMissing);
  const told = await readJsonFile(beside("tokenizer_config.json"), tokenizerConfig).catch(ifMissing);
  const labels = model?.id2label && inOrder(model.id2label, beside("config.json"));
  return {
    labels,
    activation: model && activationOf(model.problem_type, labels?.length),
    // As transformers: what tokenizer.json was last cut to decides nothing there. A tokenizer without a limit has one of
    // 10^30 in its configuration, a model of relative positions -1.
    maxTokens: [told?.model_max_length, truncation?.max_length, model?.max_position_embeddings].find(
      (length): length is number => typeof length === "number" && length > 0 && length < 1e6,
    ),
    truncationSide: (told?.truncation_side ?? truncation?.direction?.toLowerCase()) === "left" ? "left" : undefined,
  };
}

/** As transformers' text classification does where nobody says otherwise. */
function activationOf(problem: z.infer<typeof config>["problem_type"], labels: number | undefined) {
  return problem === "multi_label_classification" || labels === 1 ? "sigmoid" : "softmax";
}

function inOrder(id2label: Readonly<Record<string, string>>, path: string): string[] {
  return Object.keys(id2label).map((_, id) => {
    const label = id2label[id];
    if (label !== undefined) return label;
    throw new BundleError(
      "invalid_import",
      `${path}: id2label: has ${Object.keys(id2label).length} labels, but none of id ${id}`,
    );
  });
}

function ifMissing(error: unknown): undefined {
  if (!isBundleError(error, "missing_file")) throw error;
}
