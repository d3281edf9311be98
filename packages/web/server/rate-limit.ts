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

  /** Counts one more. Returns the seconds to wait, 0 for none. A known caller neither uses nor meets the overall limit. */
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

  /** The last attempt was legitimate: it is not counted, and the address's earlier ones are forgotten. */
  async forgive(address: string, isKnown = false): Promise<void> {
    await this.#byAddress.delete(address);
    if (!isKnown) await this.#overall.reward(everybody);
  }
}
