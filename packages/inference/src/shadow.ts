import type { Instance } from "@tagsmith/model-bundle/instance";
import { setImmediate as nextTurn } from "node:timers/promises";
import { compare } from "./compare.ts";
import type { Engine } from "./model-access.ts";
import type { TrialParts } from "./trial.ts";

interface Answered {
  readonly question: Instance;
  readonly probabilities: Float32Array;
}

/** Answers that may wait to be compared, their questions with them: 7 MB at the very most. */
const mostWaiting = 32;

/**
 * Asks the candidate what the version in use has answered already, and compares. One question at a time, each in a turn of
 * the event loop of its own, and none while a request waits: whatever the candidate does, answers come as without it.
 */
export class Shadow {
  readonly #parts: TrialParts;
  readonly #candidate: Engine;
  readonly #waiting: Answered[] = [];
  #isComparing = false;
  #hasEnded = false;

  /** `candidate` is measured already. */
  constructor(parts: TrialParts, candidate: Engine) {
    this.#parts = parts;
    this.#candidate = candidate;
  }

  compareLater(answered: Answered): void {
    if (this.#hasEnded) return; // the figures may be another trial's by now
    if (this.#waiting.length >= mostWaiting) {
      this.#parts.figures.dropped();
      return;
    }
    this.#waiting.push(answered);
    if (!this.#isComparing) void this.#compareAll();
  }

  end(): void {
    this.#hasEnded = true;
    this.#waiting.length = 0;
  }

  async #compareAll(): Promise<void> {
    this.#isComparing = true;
    while (this.#waiting.length > 0) {
      await nextTurn(); // the answer itself leaves first
      const next = this.#waiting.shift();
      if (next && this.#parts.isBusy()) this.#parts.figures.dropped();
      else if (next) await this.#compare(next);
    }
    this.#isComparing = false;
  }

  async #compare({ question, probabilities }: Answered): Promise<void> {
    const { candidate, current, figures } = this.#parts;
    try {
      const [theirs] = await candidate.lease(() => this.#candidate.predict([question]));
      const { manifest } = current;
      if (theirs && !this.#hasEnded) {
        figures.compared(
          compare({ manifest, probabilities }, { manifest: this.#candidate.manifest, probabilities: theirs }),
        );
      }
    } catch {
      // Counted and logged where the candidate is measured.
    }
  }
}
