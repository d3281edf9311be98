import { join } from "node:path";
import type { Question } from "@tagsmith/features/question";
import { readBundleFile } from "@tagsmith/model-bundle/bundle-files";
import { BundleError } from "@tagsmith/model-bundle/errors";
import type { InputOf } from "@tagsmith/model-bundle/manifest-input";
import type { ModelInput } from "@tagsmith/model-bundle/model-input";
import { Session } from "@tagsmith/model-bundle/session";
import { tokensInput } from "@tagsmith/model-bundle/tokens-input";
import onnxProto from "onnx-proto";
import { type AddedModel } from "./added-model.ts";

/** The names that packages/training/transformer/export.py gives. */
const MODEL_FILE = "model.onnx";
export const TOKENIZER_FILE = "tokenizer.json";
const OUTPUT = "logits";

/** How it reads a question: as packages/training/transformer/questions.py does. */
export const reading: InputOf<"tokens"> = {
  kind: "tokens",
  tokenizer: TOKENIZER_FILE,
  max_tokens: 96,
  fields: ["title", "prose"],
  separator: " [SEP] ",
  pair: ["code"],
};

interface Opened {
  readonly added: AddedModel;
  readonly session: Session;
  readonly input: ModelInput;
}

/** A fine-tuned transformer, whose scores are added to the linear model's margins. */
export class Transformer {
  readonly folder: string;
  readonly added: AddedModel;
  readonly #session: Session;
  readonly #input: ModelInput;

  private constructor(folder: string, { added, session, input }: Opened) {
    this.folder = folder;
    this.added = added;
    this.#session = session;
    this.#input = input;
  }

  /**
   * Opens what export.py wrote into a folder. It must have learnt these labels, in their order; `share` times its logits
   * are its scores.
   * @throws {BundleError} `missing_file`, `invalid_model`, `invalid_import` for other labels
   */
  static async open(
    folder: string,
    { labels, share }: { labels: readonly string[]; share: number },
  ): Promise<Transformer> {
    const model = onnxProto.onnx.ModelProto.decode(await readBundleFile({ folder }, MODEL_FILE));
    const learnt = model.metadataProps.find(({ key }) => key === "labels")?.value;
    if (learnt !== JSON.stringify(labels)) {
      const path = join(folder, MODEL_FILE);
      throw new BundleError("invalid_import", `${path} has not learnt the labels of these questions`);
    }
    const session = await Session.open(join(folder, MODEL_FILE));
    const input = await tokensInput({ folder }, reading, session.inputs);
    const shares = new Float32Array(labels.length).fill(share);
    return new Transformer(folder, { added: { model, output: OUTPUT, shares }, session, input });
  }

  /** `[row * labels + label]`. */
  async scores(questions: readonly Question[]): Promise<Float32Array> {
    const rows: Float32Array[] = [];
    for (const { tensors } of this.#input.batches(questions)) {
      rows.push((await this.#session.run(tensors, OUTPUT)).data);
    }
    const width = rows[0]?.length ?? 0;
    const all = new Float32Array(rows.length * width);
    rows.forEach((row, index) => all.set(row, index * width));
    return all.map((logit, at) => (this.added.shares[at % width] ?? 0) * logit);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#session.close();
  }
}
