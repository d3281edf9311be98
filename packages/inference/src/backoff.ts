export interface RetryOptions {
  /** The first wait; each further one is twice as long. */
  readonly firstMs: number;
  readonly maxMs: number;
}

export const retryDefaults: RetryOptions = { firstMs: 1_000, maxMs: 30_000 };

/** Waits between tries that grow until one succeeds. */
export class Backoff {
  readonly #options: RetryOptions;
  #waitMs: number;

  constructor(options: RetryOptions) {
    this.#options = options;
    this.#waitMs = options.firstMs;
  }

  /** In milliseconds. */
  next(maxMs: number = this.#options.maxMs): number {
    const waitMs = Math.min(this.#waitMs, maxMs);
    this.#waitMs = waitMs * 2;
    return spread(waitMs);
  }

  reset(): void {
    this.#waitMs = this.#options.firstMs;
  }
}

/** Up to a fifth more or less, so that tasks that did something together don't do it together again. */
export function spread(ms: number): number {
  return Math.round(ms * (0.8 + 0.4 * Math.random()));
}
