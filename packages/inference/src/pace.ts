import type { Asker } from "./model-access.ts";

/** Lets so many through in each interval, and the others in their order later, so that they can't fill the event loop. */
export class Pace {
  readonly #each: number;
  readonly #intervalMs: number;
  readonly #waiting = new Set<() => void>();
  #left: number;
  #timer: NodeJS.Timeout | undefined;

  constructor({ each, intervalMs }: { each: number; intervalMs: number }) {
    this.#each = each;
    this.#intervalMs = intervalMs;
    this.#left = each;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** Resolves when it is one's turn. Throws the signal's reason when the asker has gone before. */
  async turn(asker: Asker): Promise<void> {
    this.#timer ??= setInterval(() => this.#tick(), this.#intervalMs);
    if (this.#left > 0) this.#left--;
    else await this.#wait(asker.signal);
  }

  #wait(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const go = () => {
        signal?.removeEventListener("abort", goneAway);
        resolve();
      };
      const goneAway = () => {
        this.#waiting.delete(go);
        reject(signal?.reason as Error);
      };
      this.#waiting.add(go);
      signal?.addEventListener("abort", goneAway, { once: true });
      if (signal?.aborted) goneAway();
    });
  }

  #tick(): void {
    if (this.#left === this.#each) {
      clearInterval(this.#timer);
      this.#timer = undefined;
      return;
    }
    this.#left = this.#each;
    for (const go of this.#waiting) {
      if (this.#left === 0) return;
      this.#left--;
      this.#waiting.delete(go);
      go();
    }
  }
}
