import type { Engine } from "./model-access.ts";

/** An engine's time of service, which lasts until it has been replaced and the last request on it has ended. */
export class Term {
  readonly engine: Engine;
  #leases = 0;
  #onIdle: (() => void) | undefined;

  constructor(engine: Engine) {
    this.engine = engine;
  }

  /** Whether one more request would not wait for those before it. */
  get hasRoom(): boolean {
    return this.#leases < this.engine.concurrency;
  }

  async lease<T>(work: (engine: Engine) => Promise<T>): Promise<T> {
    this.#leases++;
    try {
      return await work(this.engine);
    } finally {
      if (--this.#leases === 0) this.#onIdle?.();
    }
  }

  /** Resolves when the engine has been closed. */
  async end(): Promise<void> {
    if (this.#leases > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve));
    await this.engine.close();
  }
}
