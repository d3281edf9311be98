import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";

export interface Limits {
  readonly ofOneAddress: number;
  /** Whoever has many addresses shares this with all others. */
  readonly ofAll: number;
  readonly windowSeconds: number;
}

const everybody = "all";

/** Counts what is done within a time, by address and overall. Each web task counts its own. */
export class RateLimit {
  readonly #byAddress: RateLimiterMemory;
  readonly #overall: RateLimiterMemory;

  constructor({ ofOneAddress, ofAll, windowSeconds: duration }: Limits) {
    this.#byAddress = new RateLimiterMemory({ points: ofOneAddress, duration });
    this.#overall = new RateLimiterMemory({ points: ofAll, duration });
  }

  /** Counts one more. Gives the seconds to wait; 0 for go on. Whoever is known has no part in the overall limit. */
  async take(address: string, isKnown = false): Promise<number> {
    try {
      await this.#byAddress.consume(address);
      if (!isKnown) await this.#overall.consume(everybody);
      return 0;
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      return Math.max(1, Math.ceil(refusal.msBeforeNext / 1_000));
    }
  }

  /** What was counted last was rightful: it counts for nothing, and neither does what this address did before it. */
  async forgive(address: string, isKnown = false): Promise<void> {
    await this.#byAddress.delete(address);
    if (!isKnown) await this.#overall.reward(everybody);
  }
}
