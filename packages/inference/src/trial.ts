import { isFloatRow, misreading, type Instance } from "@tagsmith/model-bundle/instance";
import type { TrialTerms } from "@tagsmith/model-bundle/trial";
import { createHash } from "node:crypto";
import { isRowsFault } from "./ask.ts";
import { ServiceError } from "./errors.ts";
import type { Engine } from "./model-access.ts";
import { Shadow } from "./shadow.ts";
import type { Term } from "./term.ts";
import type { Role, TrialFigures } from "./trial-figures.ts";

export interface TrialParts {
  readonly terms: TrialTerms;
  /** The version in use. */
  readonly current: Engine;
  readonly candidate: Term;
  readonly figures: TrialFigures;
  /** Whether somebody waits for the version in use. */
  readonly isBusy: () => boolean;
  readonly onFailure: (engine: Engine, error: unknown) => void;
}

/** A second version beside the one in use: a canary answers a share of the questions, a shadow is only compared. */
export class Trial {
  readonly terms: TrialTerms;
  readonly candidate: Term;
  /** The version in use, measured and, in a shadow's trial, compared. */
  readonly current: Engine;
  readonly #parts: TrialParts;
  readonly #measured: Engine;
  readonly #shadow: Shadow | undefined;
  #hasEnded = false;

  constructor(parts: TrialParts) {
    this.terms = parts.terms;
    this.candidate = parts.candidate;
    this.#parts = parts;
    this.#measured = this.#measure("candidate", parts.candidate.engine);
    this.#shadow = parts.terms.mode === "shadow" ? new Shadow(parts, this.#measured) : undefined;
    const current = this.#measure("current", parts.current);
    this.current = this.#shadow ? this.#compared(current, this.#shadow) : current;
    parts.figures.begin(parts.candidate.engine.manifest, parts.terms);
  }

  /** Whether the candidate is to answer; not while it has enough to do, for then somebody would wait. */
  takes([first]: readonly Instance[]): boolean {
    if (this.#shadow || !first || !this.#picks(first)) return false;
    if (this.candidate.hasRoom) return true;
    this.#parts.figures.busy();
    return false;
  }

  /** Has the candidate answer. */
  lease<T>(work: (engine: Engine) => Promise<T>): Promise<T> {
    return this.candidate.lease(() => work(this.#measured));
  }

  /** What the canary refused, the version in use has answered. */
  refused(error: unknown): void {
    if (isRefusal(error) && error.cause !== undefined) this.#failed("candidate", this.candidate.engine, error.cause);
  }

  /** Measures and compares nothing any more; what is in flight ends as it would. */
  end(): void {
    this.#hasEnded = true;
    this.#shadow?.end();
    this.#parts.figures.end();
  }

  /**
   * By the question's text: the same one gets the same version each time, in every process, its explanation too. What one
   * of the versions can't read, the one in use is left to deal with.
   */
  #picks(asked: Instance): boolean {
    const { current, candidate } = this.#parts;
    if ([current, candidate.engine].some(({ manifest }) => misreading(manifest.input, asked))) return false;
    const text = isFloatRow(asked) ? asked.floats.join() : `${asked.title}\n${asked.body}`;
    const digest = createHash("sha256").update(candidate.engine.manifestSha256).update(text).digest();
    return digest.readUInt32BE(0) < this.terms.share * 2 ** 32;
  }

  #measure(role: Role, engine: Engine): Engine {
    const { figures } = this.#parts;
    // A shadow is asked only what has been answered.
    const isToRead = role === "candidate" && this.terms.mode === "shadow";
    const predict: Engine["predict"] = async (...asked) => {
      const startMs = performance.now();
      try {
        const rows = await engine.predict(...asked);
        if (!this.#hasEnded) figures.answered(role, (performance.now() - startMs) / 1_000, rows);
        return rows;
      } catch (error) {
        if (isModelsFault(error) && (isToRead || !isRowsFault(error, asked[0]))) this.#failed(role, engine, error);
        throw error;
      }
    };
    return { ...engine, predict };
  }

  #failed(role: Role, engine: Engine, error: unknown): void {
    if (!this.#hasEnded) this.#parts.figures.failed(role);
    this.#parts.onFailure(engine, error);
  }

  #compared(engine: Engine, shadow: Shadow): Engine {
    const predict: Engine["predict"] = async (...asked) => {
      const rows = await engine.predict(...asked);
      const [question, probabilities] = [asked[0][0], rows[0]];
      if (question && probabilities && this.#picks(question)) shadow.compareLater({ question, probabilities });
      return rows;
    };
    return { ...engine, predict };
  }
}

/** Whether another version may well answer: the model is to blame, or can't read what the other may. */
export const mayOtherAnswer = (error: unknown): boolean => isModelsFault(error) || isRefusal(error);

const isModelsFault = (error: unknown): boolean => !(error instanceof ServiceError) || error.code === "worker_crashed";

const isRefusal = (error: unknown): error is ServiceError =>
  error instanceof ServiceError && error.code === "invalid_input";
