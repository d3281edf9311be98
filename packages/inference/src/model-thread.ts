import type { Bundle } from "@tagsmith/model-bundle/bundle";
import { BundleError } from "@tagsmith/model-bundle/errors";
import type { Instance } from "@tagsmith/model-bundle/instance";
import { setTimeout as delay } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { ServiceError } from "./errors.ts";
import { modelThread } from "./runtime-files.ts";
import type { FromWorker, ToWorker } from "./worker.ts";

interface Pending {
  readonly resolve: (reply: FromWorker) => void;
  readonly reject: (error: Error) => void;
}

/** One of whose questions is not answered in all this time answers none any more. A question takes some seconds at most. */
const silenceMs = 30_000;

/** How long one may take to end before the process does. */
const farewellMs = 1_000;

/** All that run, those too that have been given up. */
const running = new Map<Worker, ModelThread>();

/** Ends all, as far as they can be ended. */
export async function endModelThreads(): Promise<void> {
  const gone = [...running].map(([worker, thread]) => {
    thread.stop();
    return new Promise((resolve) => worker.once("exit", resolve));
  });
  await Promise.race([Promise.all(gone), delay(farewellMs, undefined, { ref: false })]);
}

// One that stays in native code would hold up `process.exit` for good, after a crash too: the process is killed instead.
process.on("exit", () => {
  if ([...running.values()].some((thread) => thread.mayBeStuck)) process.kill(process.pid, "SIGKILL");
});

type WithoutId<T> = T extends unknown ? Omit<T, "id"> : never;

/**
 * The main thread's end of a thread that holds a model. Whatever was asked of it when it dies is answered with
 * `ServiceError` worker_crashed; `ended` then resolves to why.
 */
export class ModelThread {
  readonly ended: Promise<Error>;
  readonly #silenceMs: number;
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  #hasEnded = false;
  #watch: NodeJS.Timeout | undefined;
  #end: (cause: Error) => void = () => undefined;

  /** Tests pass a `module` that misbehaves, and less patience. */
  constructor(module: URL = modelThread, patienceMs = silenceMs) {
    this.#silenceMs = patienceMs;
    this.#worker = new Worker(module);
    running.set(this.#worker, this);
    this.#worker.once("exit", () => running.delete(this.#worker));
    this.#worker.on("message", (reply: FromWorker) => this.#settle(reply));
    this.ended = new Promise((resolve) => {
      this.#end = (cause: Error) => {
        resolve(cause); // before anybody hears of a failure: who tries again must find another thread
        this.#failAll(cause);
      };
      this.#worker.once("error", this.#end);
      this.#worker.once("exit", (code) => this.#end(new Error(`The model's thread exited with ${code}.`)));
    });
  }

  /** Questions that it hasn't answered. */
  get load(): number {
    return this.#pending.size;
  }

  /** Whether it was asked, or given up: in native code it can't be ended. */
  get mayBeStuck(): boolean {
    return this.load > 0 || this.#hasEnded;
  }

  /**
   * Loads, warms up and checks a model. Resolves to what one question costs there, in milliseconds.
   * Throws `BundleError`, such as golden_mismatch.
   */
  async open(bundle: Bundle): Promise<number> {
    const reply = await this.#ask({ type: "load", bundle });
    if (reply.type !== "loaded") return unexpected(reply);
    this.#watchOver();
    return reply.runMs;
  }

  async predict(questions: readonly Instance[]): Promise<readonly Float32Array[]> {
    const reply = await this.#ask({ type: "predict", questions });
    if (reply.type !== "predicted") return unexpected(reply);
    const { probabilities } = reply;
    const labels = probabilities.length / questions.length;
    return questions.map((_, row) => probabilities.subarray(row * labels, (row + 1) * labels));
  }

  /** Frees the model and ends the thread. */
  async close(): Promise<void> {
    this.#worker.postMessage({ id: 0, type: "close" } satisfies ToWorker);
    await this.ended;
  }

  /**
   * Ends the thread as soon as it is out of native code: one that is terminated in there takes the process with it. Where it
   * doesn't come out for long, it may be caught in JavaScript, and is terminated after all.
   */
  stop(): void {
    this.#worker.postMessage({ id: 0, type: "close" } satisfies ToWorker);
    setTimeout(() => void this.#worker.terminate(), 10 * this.#silenceMs).unref();
  }

  #ask(message: WithoutId<ToWorker>): Promise<FromWorker> {
    if (this.#hasEnded) return Promise.reject(crashed(new Error("The model's thread has ended.")));
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#worker.postMessage({ ...message, id });
    });
  }

  /** Gives it up once the same question has been the oldest for too long: in native code, it can't even be ended. */
  #watchOver(): void {
    let before: number | undefined;
    this.#watch = setInterval(() => {
      const [oldest] = this.#pending.keys();
      if (oldest !== undefined && oldest === before) {
        this.stop();
        this.#end(new Error(`The model's thread has not answered for ${this.#silenceMs / 1_000} s.`));
      }
      before = oldest;
    }, this.#silenceMs).unref();
  }

  #settle(reply: FromWorker): void {
    const pending = this.#pending.get(reply.id);
    this.#pending.delete(reply.id);
    if (reply.type !== "failed") pending?.resolve(reply);
    else pending?.reject(reply.code ? new BundleError(reply.code, reply.message) : new Error(reply.message));
  }

  #failAll(cause: Error): void {
    this.#hasEnded = true;
    clearInterval(this.#watch);
    for (const { reject } of this.#pending.values()) reject(crashed(cause));
    this.#pending.clear();
  }
}

const crashed = (cause: Error) =>
  new ServiceError("worker_crashed", "The model broke down under this question; try again.", {
    retryAfterSeconds: 1,
    cause,
  });

function unexpected(reply: FromWorker): never {
  throw new Error(`The model's thread answered out of turn: ${reply.type}.`);
}
