import { randomBytes } from "node:crypto";
import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describeFile } from "@tagsmith/model-bundle/bundle-files";
import { type Bundle, readBundle } from "@tagsmith/model-bundle/bundle";
import { importModel } from "@tagsmith/model-bundle/import";
import type { Manifest } from "@tagsmith/model-bundle/manifest";
import { encodeModel, FLOAT, floats, INT32, integers, node, tensor } from "@tagsmith/model-bundle/test/onnx-model";
import { root } from "../process.ts";
import type { Asked } from "./load.ts";

/** What the fault suite has served. */
export interface Models {
  readonly shipped: Bundle;
  /** The shipped one with a file of several parts beside it. */
  readonly large: Bundle;
  /** A run of it takes some tens of milliseconds, so that it goes to threads. */
  readonly heavy: Bundle;
}

export const ballast = { path: "ballast.bin", bytes: 40 * 2 ** 20 } as const;

export async function makeModels(folder: string): Promise<Models> {
  const shipped = await readBundle(join(root, "packages/training/bundle"));
  return { shipped, large: await enlarged(shipped, join(folder, "large")), heavy: await heavy(shipped, folder) };
}

/** The same bundle as another version. */
export function asVersion({ folder, manifest }: Bundle, version: string): Bundle {
  return { folder, manifest: { ...manifest, version } };
}

async function enlarged({ folder: from, manifest }: Bundle, folder: string): Promise<Bundle> {
  await cp(from, folder, { recursive: true });
  await writeFile(join(folder, ballast.path), randomBytes(ballast.bytes));
  const version = "large";
  return {
    folder,
    manifest: { ...manifest, version, files: [...manifest.files, await describeFile(folder, ballast.path)] },
  };
}

const side = 512;
const products = 10;

/** The sum of a question's weights, after products of matrices that come to nothing. */
async function heavy(shipped: Bundle, folder: string): Promise<Bundle> {
  const onnx = join(folder, "heavy.onnx");
  const zeros = floats("zeros", [side, side], new Float32Array(side ** 2));
  const burden = Array.from({ length: products }, (_, at) => node("MatMul", [`m${at}`, "zeros"], `m${at + 1}`));
  const graph = {
    name: "heavy",
    input: [tensor("ids", INT32, ["B", "K"]), tensor("weights", FLOAT, ["B", "K"])],
    output: [tensor("probabilities", FLOAT, ["B", 2])],
    initializer: [zeros, floats("bias", [2], [-1, 1]), integers("one", [1])],
    node: [
      node("ReduceMax", ["weights"], "greatest"),
      node("Add", ["zeros", "greatest"], "m0"),
      ...burden,
      node("ReduceMax", [`m${products}`], "nothing"),
      node("ReduceSum", ["weights", "one"], "sum"),
      node("Add", ["sum", "bias"], "biased"),
      node("Add", ["biased", "nothing"], "logits"),
      node("Sigmoid", ["logits"], "probabilities"),
    ],
  };
  await writeFile(onnx, encodeModel(graph));
  return importModel({
    onnx,
    folder: join(folder, "heavy"),
    name: "heavy",
    version: "1",
    labels: ["less", "more"],
    vocabulary: join(shipped.folder, "vocabulary.bin"),
    tolerance: 1e-4,
    threshold: 0.5,
    description: "Products of matrices.",
    trainingData: "none",
    licence: "MIT",
  });
}

interface Tagging {
  readonly predictions?: readonly { readonly tag: string; readonly confidence: number }[];
}

/**
 * The manifest's golden questions, as clients send them: only their very numbers, on the very request, are an answer.
 * @param refusals statuses that are right under this fault.
 */
export function goldenQuestions({ golden, labels }: Manifest, refusals: readonly number[] = []): Asked[] {
  return golden.examples.map(({ probabilities, ...instance }) => ({
    path: "/api/v1/predict",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(instance),
    judge: ({ status, text }) => {
      if (refusals.includes(status)) return "refused";
      const { predictions = [] } = status === 200 ? (JSON.parse(text) as Tagging) : {};
      const isRight = predictions.every(({ tag, confidence }) => {
        return Math.abs(confidence - (probabilities[labels.indexOf(tag)] ?? NaN)) <= golden.tolerance;
      });
      return predictions.length > 0 && isRight ? "answered" : undefined;
    },
  }));
}

/** Asks whether the process lives. */
export const livez: Asked = {
  path: "/livez",
  judge: ({ status }) => (status === 200 ? "answered" : undefined),
};
