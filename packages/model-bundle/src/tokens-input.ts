import { readBundleFile, type Bundle } from "./bundle.ts";
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
  const names = Object.keys(readers).filter(
    (name) => name === TOKEN_IDS || graphInputs.some((input) => input.name === name),
  );
  const beside = features && (await featureReader(bundle, features));
  return {
    tensors: { ...Object.fromEntries(names.map((name) => [name, { type: "int64" } as const])), ...beside?.tensors },
    *batches(instances) {
      for (const [position, question] of asQuestions(instances).entries()) {
        const second = pair && questionText(question, pair, separator);
        const encoding = tokenizer.encode(questionText(question, fields, separator), second);
        const tensors = names.map((name) => [name, toTensor(readers[name]?.(encoding) ?? [])] as const);
        const found = beside?.tensorsOf([beside.vectorOf(question)]);
        yield { positions: [position], tensors: { ...Object.fromEntries(tensors), ...found } };
      }
    },
  };
}

function toTensor(row: readonly number[]): TensorData {
  return { data: BigInt64Array.from(row, BigInt), dims: [1, row.length] };
}
