import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";

/** Wrong passwords in a quarter of an hour before the next one isn't even looked at. */
export interface SignInLimits {
  readonly ofOneAddress: number;
  /** Whoever has many addresses shares this with all others; the admin's own sign-in waits, too. */
  readonly ofAll: number;
}

export const signInLimits: SignInLimits = { ofOneAddress: 5, ofAll: 50 };

const windowSeconds = 15 * 60;
const everybody = "all";

/** Counts tries to sign in. Each web task counts its own. */
export class SignInLimiter {
  readonly #byAddress: RateLimiterMemory;
  readonly #overall: RateLimiterMemory;

  constructor({ ofOneAddress, ofAll } = signInLimits) {
    this.#byAddress = new RateLimiterMemory({ points: ofOneAddress, duration: windowSeconds });
    this.#overall = new RateLimiterMemory({ points: ofAll, duration: windowSeconds });
  }

  /** Counts a try before it is made, so that many at once are counted, too. Gives the seconds to wait; 0 for go on. */
  async take(address: string): Promise<number> {
    try {
      await this.#byAddress.consume(address);
      await this.#overall.consume(everybody);
      return 0;
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      return Math.max(1, Math.ceil(refusal.msBeforeNext / 1_000));
    }
  }

  /** The try was right: it counts for nothing, and neither do the slips before it. */
  async forgive(address: string): Promise<void> {
    await this.#byAddress.delete(address);
    await this.#overall.reward(everybody);
  }
}
