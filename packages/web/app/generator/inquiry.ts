import type { Prediction } from "../../server/inference.ts";
import { mayPass, type Failure, type Result } from "../failure.ts";
import type { Question } from "../question.ts";
import { Countdown } from "./countdown.ts";
import { RecentAnswers } from "./recent-answers.ts";

export type Ask = (question: Question, signal: AbortSignal) => Promise<Result<Prediction>>;

export interface Answered {
  readonly question: Question;
  readonly result: Result<Prediction>;
}

export interface Progress {
  /** The latest answer. While `isPending`, it may be to an earlier text and is shown as such. */
  readonly answer?: Answered | undefined;
  readonly isPending: boolean;
  /** Whether the answer takes longer than people expect. */
  readonly isSlow: boolean;
  /** Seconds until a failed question is asked again. */
  readonly retryInSeconds?: number | undefined;
}

const slowMs = 2_000;

/** One question at a time on its way to an answer: a later one ends the earlier, a failure that may pass is waited out. */
export class Inquiry {
  readonly #ask: Ask;
  readonly #tell: (change: Partial<Progress>) => void;
  readonly #recent = new RecentAnswers();
  readonly #countdown = new Countdown();
  #pause: ReturnType<typeof setTimeout> | undefined;
  #current = new AbortController();
  #failures = 0;

  constructor(ask: Ask, tell: (change: Partial<Progress>) => void) {
    this.#ask = ask;
    this.#tell = tell;
  }

  /**
   * Asks after a pause, unless another question or `cancel` comes before its end. What was answered before is asked only where
   * there is no pause: whoever asks on purpose wants to hear what the model in use says now.
   */
  begin(question: Question, pauseMs: number): void {
    this.cancel();
    this.#failures = 0;
    const known = pauseMs > 0 ? this.#recent.find(question) : undefined;
    if (known) this.#tell({ answer: { question, result: { ok: true, value: known } } });
    else this.#start(question, pauseMs);
  }

  /** Asks the question again now instead of at the countdown's end. */
  retry(question: Question): void {
    this.#countdown.stop();
    this.#current.abort();
    this.#start(question, 0);
  }

  stopRetrying(): void {
    this.#countdown.stop();
    this.#tell({ retryInSeconds: undefined });
  }

  /** Ends whatever is under way; the latest answer stays. */
  cancel(): void {
    clearTimeout(this.#pause);
    this.#current.abort();
    this.#countdown.stop();
    this.#tell({ isPending: false, isSlow: false, retryInSeconds: undefined });
  }

  #start(question: Question, pauseMs: number): void {
    this.#tell({ isPending: true, retryInSeconds: undefined });
    if (pauseMs === 0) void this.#request(question);
    else this.#pause = setTimeout(() => void this.#request(question), pauseMs);
  }

  async #request(question: Question): Promise<void> {
    this.#current = new AbortController();
    const { signal } = this.#current;
    const slow = setTimeout(() => this.#tell({ isSlow: true }), slowMs);
    signal.addEventListener("abort", () => clearTimeout(slow), { once: true });
    const result = await this.#ask(question, signal).catch(() => undefined);
    if (signal.aborted || result === undefined) return;
    clearTimeout(slow);
    this.#tell({ answer: { question, result }, isPending: false, isSlow: false });
    if (result.ok) this.#recent.keep(question, result.value);
    else this.#waitOut(question, result.failure);
  }

  #waitOut(question: Question, failure: Failure): void {
    if (!mayPass(failure)) return;
    this.#failures += 1;
    const seconds = "retryAfterSeconds" in failure ? failure.retryAfterSeconds : 2 ** this.#failures;
    this.#countdown.start(seconds, {
      onTick: (retryInSeconds) => this.#tell({ retryInSeconds }),
      onEnd: () => this.#start(question, 0),
    });
  }
}
