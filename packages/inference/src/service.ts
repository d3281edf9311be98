import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { messageOf } from "@tagsmith/model-bundle/errors";
import { drainOf } from "@tagsmith/operations/drain";
import { Tracing } from "@tagsmith/operations/tracing";
import type { Logger } from "pino";
import { retryDefaults, type RetryOptions } from "./backoff.ts";
import { engineDefaults, type EngineOptions } from "./engine.ts";
import type { Config } from "./env.ts";
import type { Loader } from "./loader.ts";
import { Metrics } from "./metrics.ts";
import { ModelFolder } from "./model-folder.ts";
import { ModelLife } from "./model-life.ts";
import { ModelReport } from "./model-report.ts";
import { ServedModel } from "./served-model.ts";
import { createServer } from "./server.ts";

/** How long a model may take to end that nobody waits for any more. A run of it takes some seconds at most. */
const farewellMs = 5_000;

/** The choices that tests make otherwise. */
export interface Tuning {
  readonly engine?: Partial<EngineOptions>;
  readonly retry?: RetryOptions;
}

/** The service in one process, from its first answer to its last. */
export class Service {
  readonly model: ServedModel;
  readonly #config: Config;
  readonly #log: Logger;
  readonly metrics: Metrics;
  readonly tracing: Tracing;
  readonly #server: Server;
  readonly #drainServer: ReturnType<typeof drainOf>;
  readonly #ending = new AbortController();
  #life: ModelLife | undefined;

  constructor(config: Config, log: Logger, tracing = new Tracing()) {
    this.#config = config;
    this.#log = log;
    this.tracing = tracing;
    this.model = new ServedModel({ queue: config.queue.requests, deadlineMs: config.queue.deadlineMs });
    this.metrics = new Metrics(this.model);
    this.model.onAdmitted = (waitedSeconds) => this.metrics.admitted(waitedSeconds);
    const draining = this.#ending.signal;
    this.#server = createServer({ model: this.model, metrics: this.metrics, log, tracing, draining });
    this.#drainServer = drainOf(this.#server);
  }

  /** From now on `/livez` answers 200, and `/readyz` 503 until a model serves. Resolves to the address. Throws where it can't listen. */
  async listen(): Promise<string> {
    const { host, port } = this.#config;
    this.#server.listen(port, host);
    await once(this.#server, "listening").catch((cause: unknown) => {
      throw new Error(`HOST, PORT: ${messageOf(cause)}`, { cause });
    });
    const address = this.#server.address() as AddressInfo;
    const url = `http://${address.family === "IPv6" ? `[${address.address}]` : address.address}:${address.port}`;
    this.#log.info({ url }, "listening");
    return url;
  }

  /**
   * From now on serves whatever the store calls promoted, as soon as it is there and proven.
   * Throws when the folder for models can't be written.
   */
  serve(loader: Loader, tuning: Tuning = {}): void {
    this.#life = new ModelLife({
      loader,
      folder: ModelFolder.open(this.#config.modelFolder),
      model: this.model,
      engine: {
        ...engineDefaults,
        workers: this.#config.workers,
        onRun: (ran) => this.metrics.ran(ran),
        onDeath: (cause) => {
          this.metrics.threadDeaths.inc();
          this.#log.error({ err: cause }, "model's thread died");
        },
        onStay: (error) => this.#log.warn({ err: error }, "model stays on the main thread"),
        ...tuning.engine,
      },
      tracing: this.tracing,
      retry: tuning.retry ?? retryDefaults,
      figures: this.metrics.trial,
      report: new ModelReport({ model: this.model, log: this.#log, metrics: this.metrics }),
    });
  }

  /**
   * Says at once that it isn't ready, goes on answering for a while, finishes what is in flight and resolves when the
   * last connection has closed and the model has ended. Clients that send or read too slowly for the limit are cut off.
   */
  async drain(): Promise<void> {
    const { drainMs, drainLimitMs } = this.#config;
    this.#ending.abort();
    this.#log.info({ drain_ms: drainMs, drain_limit_ms: drainLimitMs }, "draining");
    await delay(drainMs);
    if (await this.#drainServer(drainLimitMs)) this.#log.warn("connections cut off: the limit of the drain");
    const end = this.#life?.end().then(() => true);
    const hasEnded = await Promise.race([end, delay(farewellMs, false, { ref: false })]);
    if (hasEnded === false) this.#log.warn("model not ended: a run of it takes too long");
    this.#log.info("ended");
  }
}
