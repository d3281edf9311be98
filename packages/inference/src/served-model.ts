import type { Version } from "@tagsmith/model-bundle/layout";
import { Admission, type AdmissionOptions } from "./admission.ts";
import { ServiceError } from "./errors.ts";
import type { Failure } from "./failure.ts";
import type { LoadProgress } from "./loader-worker.ts";
import type { Asker, Engine, ModelAccess } from "./model-access.ts";

/** What keeps the promoted version from serving, whether or not another one serves meanwhile. */
export type Update =
  | {
      readonly status: "loading";
      readonly version?: Version | undefined;
      readonly progress?: LoadProgress | undefined;
      /** The try before this one. */
      readonly failure?: Failure | undefined;
    }
  | {
      readonly status: "failed";
      /** Absent where it isn't even known which one to load. */
      readonly version?: Version | undefined;
      readonly failure: Failure;
      readonly retryInMs: number;
    };

/** Loading takes seconds at most where the store is near. */
const loadingRetrySeconds = 1;

/** The model that serves now, if one does, and who may use it. */
export class ServedModel implements ModelAccess {
  readonly admission: Admission;
  /** None once the promoted version serves. */
  update: Update | undefined;
  /** Told how long a request waited once its work begins. */
  onAdmitted: ((waitedSeconds: number) => void) | undefined;
  #term: Term | undefined;

  constructor(admission: Omit<AdmissionOptions, "permits">) {
    this.admission = new Admission({ ...admission, permits: 1 });
  }

  /** The engine that serves now, if one does. */
  get engine(): Engine | undefined {
    return this.#term?.engine;
  }

  /**
   * Serves with this engine from the next request on. Those in flight end on the one that they began with: resolves when
   * it has been closed.
   */
  async serve(engine: Engine): Promise<void> {
    const before = this.#term;
    this.#term = new Term(engine);
    this.admission.permits = engine.concurrency;
    await before?.end();
  }

  current(): Engine {
    return this.#current().engine;
  }

  async admit(asker?: Asker): Promise<void> {
    this.current();
    await this.admission.admit(asker);
  }

  async lease<T>(work: (engine: Engine) => Promise<T>, asker?: Asker): Promise<T> {
    this.current(); // who can't be served needn't wait
    const startMs = performance.now();
    const admitted = () => {
      const endMs = performance.now();
      this.onAdmitted?.((endMs - startMs) / 1_000);
      asker?.span?.child("queue", { startMs }).end({ endMs });
      return this.#current().lease(work);
    };
    return this.admission.run(admitted, asker);
  }

  /** Resolves when the last lease has ended and the engine is closed. */
  async close(): Promise<void> {
    await this.#term?.end();
  }

  #current(): Term {
    if (this.#term) return this.#term;
    if (this.update?.status !== "failed") {
      throw new ServiceError("not_ready", "The model is still loading.", { retryAfterSeconds: loadingRetrySeconds });
    }
    // Why is for /readyz and the log: the reason may name buckets.
    const retryAfterSeconds = Math.max(1, Math.ceil(this.update.retryInMs / 1_000));
    throw new ServiceError("not_ready", "The model could not be loaded; it is tried again.", { retryAfterSeconds });
  }
}

/** An engine's time of service, which lasts until it has been replaced and the last request on it has ended. */
class Term {
  readonly engine: Engine;
  #leases = 0;
  #onIdle: (() => void) | undefined;

  constructor(engine: Engine) {
    this.engine = engine;
  }

  async lease<T>(work: (engine: Engine) => Promise<T>): Promise<T> {
    this.#leases++;
    try {
      return await work(this.engine);
    } finally {
      if (--this.#leases === 0) this.#onIdle?.();
    }
  }

  /** Resolves when the engine has been closed. */
  async end(): Promise<void> {
    if (this.#leases > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve));
    await this.engine.close();
  }
}
