import { readBundleFile } from "./bundle-files.ts";
import type { Bundle } from "./bundle.ts";
import { featureReader } from "./features-input.ts";
import { asQuestions } from "./instance.ts";
import type { InputOf } from "./manifest-input.ts";
import type { ModelInput } from "./model-input.ts";
import { questionText } from "./question-text.ts";
import type { TensorData, TensorInfo } from "./session.ts";
import { Tokenizer, type Encoding } from "./tokenizer.ts";

/** What Hugging Face's classifiers read, by the names that all of them use; some go without the last two. */
const readers: Readonly<Record<string, (encoding: Encoding) => readonly number[]>> = {
  input_ids: ({ ids }) => ids,
  attention_mask: ({ ids }) => ids.map(() => 1),
  token_type_ids: ({ typeIds }) => typeIds,
};
export const TOKEN_IDS = "input_ids";

/**
 * One question a run: a transformer gains next to nothing from company, and what is quantised as it runs would answer a
 * question in company otherwise than alone. So nothing is ever padded.
 * @throws {BundleError} `missing_file`, `invalid_model` naming the tokenizer's file
 */
export async function tokensInput(
  bundle: Pick<Bundle, "folder">,
  {
    tokenizer: path,
    max_tokens: maxTokens,
    truncation_side: side,
    fields,
    separator,
    pair,
    features,
  }: InputOf<"tokens">,
  graphInputs: readonly TensorInfo[],
): Promise<ModelInput> {
  const json = new TextDecoder().decode(await readBundleFile(bundle, path)); // without a byte order mark
  const tokenizer = new Tokenizer(path, json, { maxTokens, side });
  const typeOf = (name: string) => graphInputs.find((input) => input.name === name)?.type;
  const names = Object.keys(readers).filter((name) => name === TOKEN_IDS || typeOf(name) !== undefined);
  const types = names.map((name) => [name, typeOf(name) === "int32" ? "int32" : "int64"] as const);
  const beside = features && (await featureReader(bundle, features));
  return {
    tensors: {
      ...Object.fromEntries(types.map(([name, type]) => [name, { type, dims: [1, "T"] }])),
      ...beside?.tensors,
    },
    *batches(instances) {
      for (const [position, question] of asQuestions(instances).entries()) {
        const second = pair && questionText(question, pair, separator);
        const encoding = tokenizer.encode(questionText(question, fields, separator), second);
        const tensors = types.map(([name, type]) => [name, toTensor(readers[name]?.(encoding) ?? [], type)] as const);
        const found = beside?.tensorsOf([beside.vectorOf(question)]);
        yield { positions: [position], tensors: { ...Object.fromEntries(tensors), ...found } };
      }
    },
  };
}

/** TensorFlow's models read ids of 32 bits. */
function toTensor(row: readonly number[], type: "int32" | "int64"): TensorData {
  return { data: type === "int32" ? Int32Array.from(row) : BigInt64Array.from(row, BigInt), dims: [1, row.length] };
}
