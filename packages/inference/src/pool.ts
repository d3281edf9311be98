import type { Bundle } from "@tagsmith/model-bundle/bundle";
import type { Instance } from "@tagsmith/model-bundle/instance";
import { setTimeout as delay } from "node:timers/promises";
import { Backoff, type RetryOptions } from "./backoff.ts";
import { ServiceError } from "./errors.ts";
import { ModelThread } from "./model-thread.ts";

/** A thread that dies before it has answered anything is not started again in a hurry. */
const restart: RetryOptions = { firstMs: 100, maxMs: 10_000 };

/** Who finds no thread waits no longer than this for the next to be started. */
const longestWaitMs = 1_000;

type Probabilities = readonly Float32Array[];

/** Where a thread is, or will be again. */
interface Seat {
  thread: ModelThread | undefined;
  hasAnswered: boolean;
  /** Whether who finds no thread need not wait long for one. */
  isComing: boolean;
  readonly backoff: Backoff;
}

export interface PoolOptions {
  /** Holds the model already. */
  readonly first: ModelThread;
  /** Counts the first one in. */
  readonly size: number;
  readonly onDeath?: ((cause: Error) => void) | undefined;
  readonly start?: () => ModelThread;
}

/** What a thread died of, or what merely waited there or found none. */
interface Suspect {
  readonly questions: readonly Instance[];
  readonly resolve: (probabilities: Probabilities) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Threads that each hold the model. One that dies is replaced while the others serve on. What it was asked is asked once
 * more, of a replacement that is asked nothing else meanwhile: so a deadly question fails nobody's but its own client's. Who
 * comes when there is no thread waits for a replacement, unless the last one could not load the model or the next is long in coming.
 */
export class Pool {
  readonly #bundle: Bundle;
  readonly #onDeath: PoolOptions["onDeath"];
  readonly #start: () => ModelThread;
  readonly #seats: Seat[] = [];
  readonly #suspects: Suspect[] = [];
  readonly #ending = new AbortController();

  private constructor(bundle: Bundle, { onDeath, start }: Pick<PoolOptions, "onDeath" | "start">) {
    this.#bundle = bundle;
    this.#onDeath = onDeath;
    this.#start = start ?? (() => new ModelThread());
  }

  /** Throws what loading the model throws in any but the first of the threads. */
  static async open(bundle: Bundle, { first, size, ...options }: PoolOptions): Promise<Pool> {
    const pool = new Pool(bundle, options);
    const others = Array.from({ length: size - 1 }, () => pool.#start());
    try {
      await Promise.all(others.map((thread) => thread.open(bundle)));
    } catch (error) {
      await Promise.all(others.map((thread) => thread.close()));
      throw error;
    }
    for (const thread of [first, ...others]) {
      const seat = { thread, hasAnswered: true, isComing: false, backoff: new Backoff(restart) };
      pool.#seats.push(seat);
      pool.#seat(seat, thread);
    }
    return pool;
  }

  /** Threads that hold the model and can be asked. */
  get size(): number {
    return this.#seats.filter(({ thread }) => thread).length;
  }

  /** Asks the thread with the least to do. Throws `ServiceError` worker_crashed. */
  async predict(questions: readonly Instance[]): Promise<Probabilities> {
    const seat = this.#idlest();
    if (!seat?.thread) {
      if (this.#seats.some(({ isComing }) => isComing)) return this.#askLater(questions);
      throw allDown();
    }
    try {
      return await ask(seat, seat.thread, questions);
    } catch (error) {
      if (!isCrash(error) || this.#isEnding()) throw error;
      return this.#askLater(questions);
    }
  }

  async close(): Promise<void> {
    this.#ending.abort();
    await Promise.all(this.#seats.flatMap(({ thread }) => thread?.close() ?? []));
  }

  #askLater(questions: readonly Instance[]): Promise<Probabilities> {
    return new Promise((resolve, reject) => this.#suspects.push({ questions, resolve, reject }));
  }

  #idlest(): Seat | undefined {
    const load = ({ thread }: Seat) => thread?.load ?? Infinity;
    return this.#seats.reduce<Seat | undefined>(
      (idlest, seat) => (!idlest || load(seat) < load(idlest) ? seat : idlest),
      undefined,
    );
  }

  #seat(seat: Seat, thread: ModelThread): void {
    seat.thread = thread;
    void thread.ended.then((cause) => {
      if (!this.#isEnding()) this.#onDeath?.(cause);
      seat.thread = undefined;
      void this.#replace(seat);
    });
  }

  async #replace(seat: Seat): Promise<void> {
    let canLoad = true;
    while (!this.#isEnding()) {
      const waitMs = seat.hasAnswered ? 0 : seat.backoff.next();
      seat.isComing = canLoad && waitMs <= longestWaitMs;
      await delay(waitMs, undefined, { signal: this.#ending.signal, ref: false }).catch(() => undefined);
      if (this.#isEnding()) return;
      seat.hasAnswered = false;
      const thread = this.#start();
      try {
        await thread.open(this.#bundle);
      } catch (error) {
        canLoad = false;
        thread.stop();
        this.#failSuspects(allDown(error)); // the next try may be long in coming
        continue;
      }
      canLoad = true;
      if (!(await this.#askSuspects(seat, thread))) continue;
      if (this.#isEnding()) await thread.close();
      else this.#seat(seat, thread);
      return;
    }
  }

  #isEnding(): boolean {
    return this.#ending.signal.aborted;
  }

  /** One by one, as long as the thread lives. Resolves to whether it still does. */
  async #askSuspects(seat: Seat, thread: ModelThread): Promise<boolean> {
    for (let suspect = this.#suspects.shift(); suspect; suspect = this.#suspects.shift()) {
      try {
        suspect.resolve(await ask(seat, thread, suspect.questions));
      } catch (error) {
        suspect.reject(error);
        if (isCrash(error)) return false;
      }
    }
    return true;
  }

  #failSuspects(error: unknown): void {
    for (const { reject } of this.#suspects.splice(0)) reject(error);
  }
}

async function ask(seat: Seat, thread: ModelThread, questions: readonly Instance[]): Promise<Probabilities> {
  const probabilities = await thread.predict(questions);
  seat.hasAnswered = true;
  seat.backoff.reset();
  return probabilities;
}

const isCrash = (error: unknown) => error instanceof ServiceError && error.code === "worker_crashed";

const allDown = (cause?: unknown) =>
  new ServiceError("worker_crashed", "The model is being loaded again.", { retryAfterSeconds: 1, cause });
