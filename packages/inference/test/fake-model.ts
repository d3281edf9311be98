import type { Question } from "@tagsmith/features/question";
import { asQuestions } from "@tagsmith/model-bundle/instance";
import type { Manifest } from "@tagsmith/model-bundle/manifest";
import type { Engine, ModelAccess } from "../src/model-access.ts";

interface FakeModel {
  readonly labels: string[];
  readonly thresholds: number[];
  readonly probabilitiesOf: (question: Question) => number[];
}

/** An engine that answers by a plain function. */
export function fakeEngine({ labels, thresholds, probabilitiesOf }: FakeModel): Engine {
  const folded = ({ title, body }: Question) => ({ title: title.toLowerCase(), body: body.toLowerCase() });
  return {
    manifest: fakeManifest(labels, thresholds),
    manifestSha256: "f".repeat(64),
    concurrency: 2,
    runMs: 0.01,
    predict: (instances) =>
      Promise.resolve(asQuestions(instances).map((question) => Float32Array.from(probabilitiesOf(folded(question))))),
    close: () => Promise.resolve(),
  };
}

/** An engine that knows its tags by a word each. */
export const wordEngine = fakeEngine({
  labels: ["python", "pandas", "javascript"],
  thresholds: [0.5, 0.3, 0.5],
  probabilitiesOf: ({ title, body }) => {
    const text = `${title} ${body}`;
    return [text.includes("python") ? 0.9 : 0.1, text.includes("dataframe") ? 0.4 : 0.05, 0.2];
  },
});
/** The engine without admission. */
export const fakeModel = (engine: Engine): ModelAccess => ({
  current: () => engine,
  admit: () => Promise.resolve(),
  lease: (work) => work(engine),
});

function fakeManifest(labels: string[], thresholds: number[]): Manifest {
  return {
    schema_version: 1,
    name: "fake",
    version: "1",
    description: "A fake.",
    training_data: "none",
    licence: "MIT",
    created_at: "2026-01-01T00:00:00Z",
    model: "model.onnx",
    input: { kind: "features", feature_version: 1, vocabulary: "vocabulary.bin", ids: "ids", weights: "weights" },
    output: "probabilities",
    labels,
    thresholds,
    files: [],
    golden: { tolerance: 0.001, examples: [] },
    metrics: {},
  };
}
