import { ServiceError } from "./errors.ts";

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
  readonly timer: NodeJS.Timeout;
}

/** How much one more run moves the mean duration. */
const smoothing = 0.1;

/** A semaphore with a short queue: what it can't admit in time is refused, so that overload never grows memory. */
export class Admission {
  /** May change at any time: each model bears its own. */
  permits: number;
  readonly #options: Omit<AdmissionOptions, "permits">;
  readonly #waiting = new Set<Waiting>();
  #running = 0;
  #meanMs = 0;

  constructor({ permits, ...options }: AdmissionOptions) {
    this.permits = permits;
    this.#options = options;
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** Throws `ServiceError` overloaded when one more would be refused at once. */
  admit(): void {
    if (this.#running >= this.permits && this.#waiting.size >= this.#options.queue) throw this.#refusal();
  }

  /** Throws `ServiceError` overloaded: at once when the queue is full, else at the deadline. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.permits) await this.#wait();
    else this.#running++;
    const startedMs = performance.now();
    try {
      return await work();
    } finally {
      this.#meanMs += (performance.now() - startedMs - this.#meanMs) * smoothing;
      this.#passOn();
    }
  }

  #wait(): Promise<void> {
    if (this.#waiting.size >= this.#options.queue) throw this.#refusal();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(waiting);
        reject(this.#refusal());
      }, this.#options.deadlineMs);
      const waiting = { admit: resolve, timer };
      this.#waiting.add(waiting);
    });
  }

  /** The permit goes straight to the longest waiting request, so none can jump the queue. */
  #passOn(): void {
    const [next] = this.#waiting;
    if (!next) {
      this.#running--;
      return;
    }
    this.#waiting.delete(next);
    clearTimeout(next.timer);
    next.admit();
  }

  #refusal(): ServiceError {
    const ahead = this.#running + this.#waiting.size;
    const clearsInMs = (ahead * this.#meanMs) / this.permits;
    return new ServiceError("overloaded", "Too many questions at once; try again shortly.", {
      retryAfterSeconds: Math.max(1, Math.ceil(clearsInMs / 1_000)),
    });
  }
}
