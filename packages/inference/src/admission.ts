import { ServiceError } from "./errors.ts";
import type { Asker } from "./model-access.ts";
import { Pace } from "./pace.ts";

export interface AdmissionOptions {
  /** Requests that may run at once. */
  readonly permits: number;
  /** Requests that may wait for a permit. */
  readonly queue: number;
  /** How long one may wait. */
  readonly deadlineMs: number;
}

interface Waiting {
  readonly admit: () => void;
}

/**
 * Paces refusals: one costs half as much as a prediction, so clients that ask again at once would leave no time for predicting.
 * Waiting for a refusal holds nothing but a connection.
 */
const refusals = { each: 4, intervalMs: 1 } as const;

/** How much one more departure moves the mean time between two. */
const smoothing = 0.1;

/** Nobody is told to stay away for longer, however many were refused. */
const longestRetryMs = 30_000;

/** A semaphore with a short queue: what it can't admit in time is refused, so that overload never grows memory. */
export class Admission {
  #permits: number;
  readonly #options: Omit<AdmissionOptions, "permits">;
  readonly #waiting = new Set<Waiting>();
  readonly #refusals = new Pace(refusals);
  #running = 0;
  /** Between two departures while others waited: what one place in the queue takes. 0 until it has been measured. */
  #departureMs = 0;
  #lastDeparture: number | undefined;
  /** Those who were refused and told when to come back, as far as their time has not come. */
  #promised = 0;
  #lastRefusal = 0;

  constructor({ permits, ...options }: AdmissionOptions) {
    this.#permits = permits;
    this.#options = options;
  }

  get permits(): number {
    return this.#permits;
  }

  /**
   * May change at any time, since each model has its own number and its own pace, which is then measured anew. More permits go
   * to those that wait; with fewer, those that run keep theirs.
   */
  set permits(permits: number) {
    this.#permits = permits;
    this.#departureMs = 0;
    this.#lastDeparture = undefined;
    this.#promised = 0;
    for (const { admit } of this.#waiting) {
      if (this.#running >= permits) return;
      this.#running++;
      admit();
    }
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** Throws `ServiceError` overloaded when one more would be refused without a wait for a permit. */
  async admit(asker: Asker = {}): Promise<void> {
    if (this.#running >= this.#permits && this.#waiting.size >= this.#room()) await this.#refuse(asker);
  }

  /**
   * Throws `ServiceError` overloaded: as soon as `refusals` allow when the queue is full, else at the deadline; or the
   * signal's reason when the asker has gone before the work began.
   */
  async run<T>(work: () => Promise<T>, asker: Asker = {}): Promise<T> {
    if (this.#running < this.#permits) this.#running++;
    else if (this.#waiting.size >= this.#room() || !(await this.#wait(asker.signal))) await this.#refuse(asker);
    try {
      return await work();
    } finally {
      this.#passOn();
    }
  }

  /** Who would wait past the deadline is refused at once. */
  #room(): number {
    const { queue, deadlineMs } = this.#options;
    return this.#departureMs > 0 ? Math.min(queue, Math.max(1, Math.floor(deadlineMs / this.#departureMs))) : queue;
  }

  /** Resolves to whether a permit came in time. */
  #wait(signal: AbortSignal | undefined): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", goneAway);
        this.#waiting.delete(waiting);
      };
      const waiting = {
        admit: () => {
          leave();
          resolve(true);
        },
      };
      const goneAway = () => {
        leave();
        reject(signal?.reason as Error);
      };
      const timer = setTimeout(() => {
        leave();
        resolve(false);
      }, this.#options.deadlineMs);
      this.#waiting.add(waiting);
      signal?.addEventListener("abort", goneAway, { once: true });
      if (signal?.aborted) goneAway();
    });
  }

  /** The permit goes straight to the longest waiting request, so none can jump the queue. */
  #passOn(): void {
    const [next] = this.#waiting;
    if (!next || this.#running > this.#permits) {
      this.#running--;
      this.#lastDeparture = undefined;
      return;
    }
    const nowMs = performance.now();
    if (this.#lastDeparture !== undefined) {
      const sinceMs = nowMs - this.#lastDeparture;
      this.#departureMs += (sinceMs - this.#departureMs) * (this.#departureMs === 0 ? 1 : smoothing);
    }
    this.#lastDeparture = nowMs;
    next.admit();
  }

  async #refuse(asker: Asker): Promise<never> {
    await this.#refusals.turn(asker);
    throw this.#refusal();
  }

  /** Each is told another time: told the same one, they would come back together and be refused together. */
  #refusal(): ServiceError {
    const nowMs = performance.now();
    if (this.#departureMs > 0) {
      const kept = this.#promised - (nowMs - this.#lastRefusal) / this.#departureMs;
      this.#promised = Math.min(Math.max(0, kept) + 1, longestRetryMs / this.#departureMs);
    }
    this.#lastRefusal = nowMs;
    const ahead = this.#running + this.#waiting.size + this.#promised;
    const retryMs = Math.min(ahead * this.#departureMs, longestRetryMs);
    return new ServiceError("overloaded", "Too many questions at once; try again shortly.", {
      retryAfterSeconds: Math.max(1, Math.ceil(retryMs / 1_000)),
    });
  }
}
