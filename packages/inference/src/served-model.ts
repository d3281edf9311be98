import type { Progress } from "@tagsmith/model-bundle/download";
import { Admission, type AdmissionOptions } from "./admission.ts";
import { ServiceError } from "./errors.ts";
import type { Engine, ModelAccess } from "./model-access.ts";

/** Why a try to load the model came to nothing. */
export interface Failure {
  readonly code: string;
  readonly reason: string;
}

export type ModelState =
  | {
      readonly status: "loading";
      readonly progress?: Progress;
      /** The try before this one. */
      readonly failure?: Failure | undefined;
    }
  | { readonly status: "failed"; readonly failure: Failure; readonly retryInMs: number }
  | { readonly status: "ready"; readonly engine: Engine };

/** Loading takes seconds at most where the store is near. */
const loadingRetrySeconds = 1;

/** The model that serves now, if one does, and who may use it. */
export class ServedModel implements ModelAccess {
  readonly admission: Admission;
  #state: ModelState = { status: "loading" };

  constructor(admission: Omit<AdmissionOptions, "permits">) {
    this.admission = new Admission({ ...admission, permits: 1 });
  }

  get state(): ModelState {
    return this.#state;
  }

  /** What happens to the model: its loading, its failure, or that it serves. */
  become(state: ModelState): void {
    this.#state = state;
    if (state.status === "ready") this.admission.permits = state.engine.concurrency;
  }

  current(): Engine {
    const state = this.#state;
    if (state.status === "ready") return state.engine;
    if (state.status === "loading") {
      throw new ServiceError("not_ready", "The model is still loading.", { retryAfterSeconds: loadingRetrySeconds });
    }
    // Why is for /readyz and the log: the reason may name buckets.
    const retryAfterSeconds = Math.max(1, Math.ceil(state.retryInMs / 1_000));
    throw new ServiceError("not_ready", "The model could not be loaded; it is tried again.", { retryAfterSeconds });
  }

  admit(): void {
    this.current();
    this.admission.admit();
  }

  async lease<T>(work: (engine: Engine) => Promise<T>): Promise<T> {
    this.current(); // who can't be served needn't wait
    return this.admission.run(() => work(this.current()));
  }

  async close(): Promise<void> {
    if (this.#state.status === "ready") await this.#state.engine.close();
  }
}
