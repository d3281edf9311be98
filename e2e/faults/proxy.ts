import { EventEmitter, once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { pipeline } from "node:stream/promises";
import { setTimeout as wait } from "node:timers/promises";
import { interrupted } from "../aws/command.ts";

/** What all that the server answers suffers on each connection. */
interface Toxics {
  readonly delayMs?: number;
  readonly bytesPerSecond?: number;
  readonly sliceBytes?: number;
}

/** A TCP proxy in front of a server on this machine that does to connections what networks do. */
export class FaultProxy implements AsyncDisposable {
  toxics: Toxics = {};
  /** How many bytes of answers have passed. */
  answeredBytes = 0;
  #isRefusing = false;
  #isHole = false;
  readonly #stalled = new Set<Socket>();
  readonly #clients = new Set<Socket>();
  readonly #events = new EventEmitter().setMaxListeners(0);
  readonly #server = createServer({ noDelay: true }, (client) => void this.#connect(client));
  readonly #upstreamPort: number;

  private constructor(upstream: string) {
    this.#upstreamPort = Number(new URL(upstream).port);
  }

  static async before(upstream: string): Promise<FaultProxy> {
    const proxy = new FaultProxy(upstream);
    await once(proxy.#server.listen(0, "127.0.0.1"), "listening");
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Closes every connection; new ones pass. */
  cut(): void {
    for (const client of this.#clients) client.destroy();
  }

  /** Resets every connection, now and as it comes, until `heal`. */
  refuse(): void {
    this.#isRefusing = true;
    for (const client of this.#clients) client.resetAndDestroy();
  }

  /** Every connection of now stays open and passes nothing more; new ones pass. */
  stall(): void {
    for (const client of this.#clients) this.#stalled.add(client);
  }

  /** Nothing passes on any connection, old or new, until `heal`; then they go on. */
  blackhole(): void {
    this.#isHole = true;
  }

  heal(): void {
    this.#isRefusing = this.#isHole = false;
    this.#events.emit("change");
  }

  /** Resolves when so many bytes of answers have passed. */
  async answered(bytes: number): Promise<void> {
    while (this.answeredBytes < bytes) await once(this.#events, "change", { signal: interrupted });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server.close(), "close");
    this.cut();
    await closed;
  }

  async #connect(client: Socket): Promise<void> {
    this.#clients.add(client);
    if (this.#isRefusing) client.resetAndDestroy();
    const upstream = connect({ port: this.#upstreamPort, host: "127.0.0.1", noDelay: true });
    const asked = pipeline(client, (chunks: AsyncIterable<Buffer>) => this.#gated(client, chunks), upstream);
    const answered = pipeline(upstream, (chunks: AsyncIterable<Buffer>) => this.#poisoned(client, chunks), client);
    await Promise.race([asked, answered]).catch(() => client.destroy());
    await Promise.allSettled([asked, answered]);
    this.#clients.delete(client);
    this.#stalled.delete(client);
  }

  async *#gated(client: Socket, chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      while (this.#isHole || this.#stalled.has(client)) await once(this.#events, "change");
      yield chunk;
    }
  }

  async *#poisoned(client: Socket, chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of this.#gated(client, chunks)) {
      const { delayMs = 0, bytesPerSecond = Infinity, sliceBytes = chunk.length } = this.toxics;
      for (let start = 0; start < chunk.length; start += sliceBytes) {
        const slice = chunk.subarray(start, start + sliceBytes);
        const waitMs = delayMs + (1_000 * slice.length) / bytesPerSecond;
        if (waitMs > 0) await wait(waitMs);
        yield slice;
        this.answeredBytes += slice.length;
        this.#events.emit("change");
      }
    }
  }
}
