import type { Question } from "@tagsmith/features/question";
import type { Bundle } from "@tagsmith/model-bundle/bundle";
import { setTimeout as delay } from "node:timers/promises";
import { ServiceError } from "./errors.ts";
import { ModelThread } from "./model-thread.ts";

/** A thread that dies while it loads is not started again in a hurry. */
const restartMs = 500;

/** Threads that each hold the model. One that dies fails only what it was asked, and another takes its place. */
export class Pool {
  readonly #bundle: Bundle;
  readonly #start: () => ModelThread;
  readonly #threads: ModelThread[] = [];
  #closing = false;

  private constructor(bundle: Bundle, start: () => ModelThread) {
    this.#bundle = bundle;
    this.#start = start;
  }

  /**
   * `first` holds the model already; `size` counts it in.
   * Throws what loading the model throws in any of the other threads.
   */
  static async open(
    bundle: Bundle,
    options: { first: ModelThread; size: number; start?: () => ModelThread },
  ): Promise<Pool> {
    const pool = new Pool(bundle, options.start ?? (() => new ModelThread()));
    const others = Array.from({ length: options.size - 1 }, () => pool.#start());
    try {
      await Promise.all(others.map((thread) => thread.open(bundle)));
    } catch (error) {
      await Promise.all(others.map((thread) => thread.close()));
      throw error;
    }
    for (const thread of [options.first, ...others]) pool.#adopt(thread);
    return pool;
  }

  /** Threads that hold the model. */
  get size(): number {
    return this.#threads.length;
  }

  /** Asks the thread with the least to do. Throws `ServiceError` worker_crashed. */
  predict(questions: readonly Question[]): Promise<readonly Float32Array[]> {
    const [first, ...others] = this.#threads;
    if (!first)
      return Promise.reject(
        new ServiceError("worker_crashed", "The model is being loaded again.", { retryAfterSeconds: 1 }),
      );
    return others.reduce((least, thread) => (thread.load < least.load ? thread : least), first).predict(questions);
  }

  async close(): Promise<void> {
    this.#closing = true;
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }

  #adopt(thread: ModelThread): void {
    this.#threads.push(thread);
    void thread.ended.then(() => {
      this.#threads.splice(this.#threads.indexOf(thread), 1);
      if (!this.#closing) void this.#replace();
    });
  }

  async #replace(): Promise<void> {
    const thread = this.#start();
    try {
      await thread.open(this.#bundle);
    } catch {
      await delay(restartMs, undefined, { ref: false });
      if (!this.#closing) await this.#replace();
      return;
    }
    if (this.#closing) await thread.close();
    else this.#adopt(thread);
  }
}
