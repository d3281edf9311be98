import type { Bundle } from "@tagsmith/model-bundle/bundle";
import type { StoreRead } from "@tagsmith/model-bundle/download";
import type { Release } from "@tagsmith/model-bundle/release";
import { Worker } from "node:worker_threads";
import { Backoff } from "./backoff.ts";
import { LoadError, type Failure } from "./failure.ts";
import type { FromLoader, LoaderOptions, LoadProgress, Promotion, ToLoader } from "./loader-worker.ts";
import { loaderThread } from "./runtime-files.ts";

/** What becomes known of the model to serve. */
export type News =
  | { readonly type: "promotion"; readonly promotion: Promotion }
  | { readonly type: "promotion_failed" | "crashed"; readonly failure: Failure; readonly retryInMs: number };

interface FetchOptions {
  /** Is made; it must not be there yet. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: LoadProgress) => void;
  /** Told each GET, before the end. */
  readonly onRead?: ((read: StoreRead) => void) | undefined;
}

/** It makes little that lives long: a small nursery costs no time that can be measured, and saves 16 MB. */
const resourceLimits = { maxYoungGenerationSizeMb: 4 };

interface Fetch extends Pick<FetchOptions, "onProgress" | "onRead"> {
  readonly resolve: (bundle: Bundle) => void;
  readonly reject: (error: LoadError) => void;
}

/**
 * The main thread's end of the thread that talks to the store: it watches the pointer, fetches versions and verifies them.
 * It starts at once, and again whenever it dies; what was asked of it then fails with loader_crashed.
 */
export class Loader {
  readonly #options: LoaderOptions;
  readonly #module: URL;
  readonly #backoff: Backoff;
  readonly #fetches = new Map<number, Fetch>();
  #worker: Worker | undefined;
  #restart: NodeJS.Timeout | undefined;
  #lastId = 0;
  #latest: News | undefined;
  #hear: ((news: News) => void) | undefined;

  /** Tests pass a `module` that misbehaves. */
  constructor(options: LoaderOptions, module: URL = loaderThread) {
    this.#options = options;
    this.#module = module;
    this.#backoff = new Backoff(options.retry);
    this.#start();
  }

  /** Tells the latest news, if there are any, and all further ones. */
  follow(hear: (news: News) => void): void {
    this.#hear = hear;
    if (this.#latest) hear(this.#latest);
  }

  /** A version that has been verified, in its folder. Throws `LoadError`, when `signal` aborts with aborted. */
  async fetch(release: Release, { folder, signal, onProgress, onRead }: FetchOptions): Promise<Bundle> {
    const id = ++this.#lastId;
    const abort = () => this.#worker?.postMessage({ type: "abort", id } satisfies ToLoader);
    const bundle = new Promise<Bundle>((resolve, reject) => {
      if (!this.#worker) {
        reject(crashed("The loader is being started again."));
        return;
      }
      this.#fetches.set(id, { resolve, reject, onProgress, onRead });
      const tellsReads = onRead !== undefined;
      this.#worker.postMessage({ type: "fetch", id, release, folder, tellsReads } satisfies ToLoader);
    });
    signal.addEventListener("abort", abort);
    return bundle.finally(() => signal.removeEventListener("abort", abort));
  }

  /** Ends the thread, whatever it is doing. */
  async close(): Promise<void> {
    clearTimeout(this.#restart);
    const worker = this.#worker;
    worker?.removeAllListeners("exit").removeAllListeners("message");
    this.#end("The loader has been closed.");
    await worker?.terminate();
  }

  #start(): void {
    let cause = new Error("It has ended.");
    const worker = new Worker(this.#module, { workerData: this.#options, resourceLimits });
    worker.on("message", (message: FromLoader) => this.#read(message));
    worker.once("error", (error: Error) => (cause = error));
    worker.once("exit", () => {
      this.#end(cause.message);
      const retryInMs = this.#backoff.next();
      this.#restart = setTimeout(() => this.#start(), retryInMs);
      this.#tell({ type: "crashed", failure: crashed(cause.message).failure, retryInMs });
    });
    this.#worker = worker;
  }

  #end(reason: string): void {
    this.#worker = undefined;
    for (const { reject } of this.#fetches.values()) reject(crashed(reason));
    this.#fetches.clear();
  }

  #read(message: FromLoader): void {
    switch (message.type) {
      case "promotion":
      case "promotion_failed":
        this.#tell(message);
        break;
      case "progress":
        this.#fetches.get(message.id)?.onProgress(message.progress);
        break;
      case "read":
        this.#fetches.get(message.id)?.onRead?.(message.read);
        break;
      case "fetched":
        this.#backoff.reset();
        this.#settle(message.id)?.resolve(message.bundle);
        break;
      case "failed":
        this.#settle(message.id)?.reject(new LoadError(message.failure));
    }
  }

  #settle(id: number): Fetch | undefined {
    const fetch = this.#fetches.get(id);
    this.#fetches.delete(id);
    return fetch;
  }

  #tell(news: News): void {
    this.#latest = news;
    this.#hear?.(news);
  }
}

const crashed = (reason: string) => new LoadError({ code: "loader_crashed", reason });
