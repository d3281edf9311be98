import type { Instance } from "@tagsmith/model-bundle/instance";
import type { Manifest } from "@tagsmith/model-bundle/manifest";
import { versionId } from "@tagsmith/model-bundle/layout";
import type { Predictor } from "@tagsmith/model-bundle/predictor";
import type { Span } from "@tagsmith/operations/tracing";

/** One run of the model, for the requests that have these spans and for others. */
export type Run = (questions: readonly Instance[], spans: readonly Span[]) => ReturnType<Predictor["predict"]>;

/** What a run held and took. */
export interface Ran {
  readonly questions: number;
  readonly seconds: number;
}

/** Tells each run of a model: to who counts them, and below the spans of those who have one. */
export function observedRun(
  predict: Predictor["predict"],
  manifest: Manifest,
  onRun: ((ran: Ran) => void) | undefined,
): Run {
  const model = versionId(manifest);
  return async (questions, spans) => {
    const startMs = performance.now();
    const attributes = { "tagsmith.batch_size": questions.length, "tagsmith.model": model };
    let error: string | undefined = "run_failed";
    try {
      const probabilities = await predict(questions);
      error = undefined;
      return probabilities;
    } finally {
      const endMs = performance.now();
      onRun?.({ questions: questions.length, seconds: (endMs - startMs) / 1_000 });
      for (const span of spans) span.child("model run", { startMs, attributes }).end({ endMs, error });
    }
  };
}
