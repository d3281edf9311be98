import { once } from "node:events";
import type { Failure, Result } from "../app/failure.ts";
import type { Inference, Prediction, PredictionBatch, Question } from "../server/inference.ts";

const metadataOf = (version: string) => ({ name: "fake", version, description: "", training_data: "" });

/** Suggests a title's first word, always as sure of it; what `failing` names is answered with that failure instead. */
export class FakeInference implements Inference {
  /** The titles of every batch that was asked for. */
  readonly asked: string[][] = [];
  failing: (questions: readonly Question[]) => Failure | undefined = () => undefined;
  /** Which version answers a batch. */
  versionOf: (questions: readonly Question[]) => string = () => "1";

  /** Whether the next batch waits until its asker leaves. */
  isHanging: () => boolean = () => false;
  /** So many have left. */
  abandoned = 0;

  within() {
    return this;
  }

  predict(question: Question) {
    return Promise.resolve({
      ok: true as const,
      value: { ml_model_metadata: metadataOf("1"), ...taggingOf(question) },
    });
  }

  async predictBatch(questions: readonly Question[], signal: AbortSignal): Promise<Result<PredictionBatch>> {
    this.asked.push(questions.map(({ title }) => title));
    if (this.isHanging()) {
      await once(signal, "abort");
      this.abandoned += 1;
    }
    const failure = signal.aborted ? ({ kind: "unreachable" } as const) : this.failing(questions);
    if (failure) return { ok: false, failure };
    const ml_model_metadata = metadataOf(this.versionOf(questions));
    return { ok: true, value: { ml_model_metadata, results: questions.map(taggingOf) } };
  }

  explain(): Promise<never> {
    return Promise.reject(new Error("nobody asks for reasons here"));
  }

  currentModel(): Promise<never> {
    return Promise.reject(new Error("nobody asks for the model here"));
  }
}

function taggingOf({ title }: Question): Omit<Prediction, "ml_model_metadata"> {
  const tag = title.split(" ")[0]?.toLowerCase() ?? "";
  const predictions = [
    { tag, confidence: 0.912345 },
    { tag: "other", confidence: 0.1 },
  ];
  return { tags: [tag], predictions };
}
