import type { Instance } from "@tagsmith/model-bundle/instance";
import type { Version } from "@tagsmith/model-bundle/layout";
import { Admission, type AdmissionOptions } from "./admission.ts";
import { ServiceError } from "./errors.ts";
import type { Failure } from "./failure.ts";
import type { LoadProgress } from "./loader-worker.ts";
import type { Asker, Engine, ModelAccess } from "./model-access.ts";
import { Term } from "./term.ts";
import { mayOtherAnswer, Trial, type TrialParts } from "./trial.ts";

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

/** The model that serves now, if one does, another that is tried out beside it, and who may use them. */
export class ServedModel implements ModelAccess {
  readonly admission: Admission;
  /** None once the promoted version serves. */
  update: Update | undefined;
  /** Told how long a request waited once its work begins. */
  onAdmitted: ((waitedSeconds: number) => void) | undefined;
  /** What keeps the candidate from being tried; none once it is, or where there is none. */
  candidateUpdate: Update | undefined;
  #term: Term | undefined;
  #trial: Trial | undefined;

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
    await this.#serve(new Term(engine));
  }

  get trial(): Trial | undefined {
    return this.#trial;
  }

  /** Tries this engine out beside the one that serves, or the one that is tried out already under other terms. */
  try(candidate: Engine, parts: Pick<TrialParts, "terms" | "figures" | "onFailure">): void {
    const tried = this.#trial?.candidate;
    this.#trial?.end();
    this.#trial = new Trial({
      ...parts,
      current: this.current(),
      candidate: tried?.engine === candidate ? tried : new Term(candidate),
      isBusy: () => this.admission.waiting > 0,
    });
  }

  /** Nothing is tried out any more: resolves when the candidate has been closed. */
  async endTrial(): Promise<void> {
    await this.#takeCandidate()?.end();
  }

  /** Serves with the candidate from the next request on; otherwise as `serve`. */
  async promoteCandidate(): Promise<void> {
    const candidate = this.#takeCandidate();
    if (candidate) await this.#serve(candidate);
  }

  current(): Engine {
    return this.#current().engine;
  }

  async admit(asker?: Asker): Promise<void> {
    this.current();
    await this.admission.admit(asker);
  }

  async lease<T>(work: (engine: Engine) => Promise<T>, asker?: Asker, questions: readonly Instance[] = []): Promise<T> {
    this.current(); // who can't be served needn't wait
    const trial = this.#trial;
    if (!trial?.takes(questions)) return this.#leaseCurrent(work, asker);
    try {
      return await trial.lease(work);
    } catch (error) {
      if (!mayOtherAnswer(error)) throw error;
      const answer = await this.#leaseCurrent(work, asker);
      trial.refused(error);
      return answer;
    }
  }

  #leaseCurrent<T>(work: (engine: Engine) => Promise<T>, asker?: Asker): Promise<T> {
    const startMs = performance.now();
    const admitted = () => {
      const endMs = performance.now();
      this.onAdmitted?.((endMs - startMs) / 1_000);
      asker?.span?.child("queue", { startMs }).end({ endMs });
      return this.#current().lease((engine) => work(this.#trial?.current ?? engine));
    };
    return this.admission.run(admitted, asker);
  }

  /** Resolves when the last lease has ended and the engines are closed. */
  async close(): Promise<void> {
    await Promise.all([this.endTrial(), this.#term?.end()]);
  }

  async #serve(term: Term): Promise<void> {
    const before = this.#term;
    this.#term = term;
    this.admission.permits = term.engine.concurrency;
    await before?.end();
  }

  #takeCandidate(): Term | undefined {
    const trial = this.#trial;
    this.#trial = undefined;
    trial?.end();
    return trial?.candidate;
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
