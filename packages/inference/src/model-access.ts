import type { Instance } from "@tagsmith/model-bundle/instance";
import type { Manifest } from "@tagsmith/model-bundle/manifest";
import type { Span } from "@tagsmith/operations/tracing";

/** Who asks for the model. */
export interface Asker {
  /** Aborted once nobody waits for the answer any more. Read it only when the work must wait: it is made when read. */
  readonly signal?: AbortSignal | undefined;
  /** Of the request, where its trace is recorded. */
  readonly span?: Span | undefined;
}

/** A verified model that answers, wherever it runs. */
export interface Engine {
  readonly manifest: Manifest;
  readonly manifestSha256: string;
  /** Requests worth running at once; more would only wait inside. */
  readonly concurrency: number;
  /** What one question costs, in milliseconds. */
  readonly runMs: number;
  /**
   * One `Float32Array[labels]` of probabilities per question or row, in their order. Below the asker's span, each run of the
   * model that they take part in is recorded. Throws the signal's reason when the asker has gone before the last run.
   */
  predict(questions: readonly Instance[], asker?: Asker): Promise<readonly Float32Array[]>;
  /** Frees the model. Call it when nothing is in flight. */
  close(): Promise<void>;
}

/** What the procedures know of the model. */
export interface ModelAccess {
  /** The engine that serves now. Throws `ServiceError` not_ready. */
  current(): Engine;
  /** Throws what `lease` would throw without a wait for the model, so that no body is read for nothing. */
  admit(asker?: Asker): Promise<void>;
  /**
   * Runs `work` on the engine that serves now, or on one that is tried out beside it, as the first of the questions tells.
   * It stays open until `work` settles. Where the one on trial fails, `work` runs again on the other.
   * Throws `ServiceError` not_ready, or overloaded when no permit came in time.
   */
  lease<T>(work: (engine: Engine) => Promise<T>, asker?: Asker, questions?: readonly Instance[]): Promise<T>;
}
