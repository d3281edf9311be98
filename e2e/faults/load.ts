import { randomUUID } from "node:crypto";
import { setMaxListeners } from "node:events";
import { Agent } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { interrupted } from "../aws/command.ts";
import { until } from "../aws/poll.ts";
import { type Answer, send, type Sent } from "./send.ts";

/** Something to send, and how an answer to it counts; one that is undefined is no answer, and it is sent again. */
export interface Asked extends Sent {
  readonly judge: (answer: Answer) => "answered" | "refused" | undefined;
}

/** `tried` is the sum of answered, refused and lost; `failed` counts the times that one of them had to be sent again. */
export interface Accounts {
  readonly tried: number;
  readonly answered: number;
  readonly refused: number;
  readonly failed: number;
  readonly lost: number;
}

/** What became of one question, sending by sending. */
interface Entry {
  readonly sendings: { readonly connection: string; readonly outcome: string }[];
  end?: "answered" | "refused" | "lost";
  ms?: number;
}

interface Options {
  /** Where to send to, in turn, and what failed to the next one; asked before each sending. */
  readonly urls: () => readonly string[];
  readonly asked: readonly Asked[];
  readonly clients?: number;
  readonly pauseMs?: number;
  /** Until what failed is lost. */
  readonly sendings?: number;
}

const pauseBeforeSendingAgainMs = 50;

/** Clients that each ask one question after another, over connections that they keep, and an exact account of each. */
export class Load implements AsyncDisposable {
  readonly #options: Options;
  readonly #entries: Entry[] = [];
  readonly #end = new AbortController();
  readonly #clients: Promise<unknown>;
  #lastUrl = 0;

  constructor(options: Options) {
    this.#options = options;
    setMaxListeners(0, this.#end.signal);
    const clients = Array.from({ length: options.clients ?? 4 }, () => this.#ask());
    this.#clients = Promise.all(clients);
    this.#clients.catch(() => undefined); // who stops the load hears of it
  }

  /** Resolves when so many more have been answered or refused. */
  async more(count: number): Promise<void> {
    const target = this.#ended() + count;
    await until(`${count} more are answered`, async () => Promise.resolve(this.#ended() >= target || undefined), {
      timeoutMs: 60_000,
      everyMs: 20,
    });
  }

  /** Lets what is under way end. Throws an Error that lists what was lost. */
  async stop(): Promise<Accounts> {
    this.#end.abort();
    await this.#clients;
    const count = (end: Entry["end"]) => this.#entries.filter((entry) => entry.end === end).length;
    const lost = this.#entries.filter(({ end }) => end === "lost");
    if (lost.length > 0) {
      const histories = lost.slice(0, 10).map(({ sendings }) => JSON.stringify(sendings));
      throw new Error(`${lost.length} of ${this.#entries.length} were lost:\n${histories.join("\n")}`);
    }
    const failed = this.#entries.reduce((sum, { sendings }) => sum + sendings.length - 1, 0);
    const accounts = { tried: this.#entries.length, answered: count("answered"), refused: count("refused") };
    if (accounts.answered + accounts.refused !== accounts.tried) throw new Error("The accounts don't add up.");
    return { ...accounts, failed, lost: lost.length };
  }

  /** Of all that have ended. */
  p99Ms(): number {
    const sorted = this.#entries.flatMap(({ ms }) => ms ?? []).sort((a, b) => a - b);
    return sorted[Math.floor(0.99 * sorted.length)] ?? NaN;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
    await this.#clients.catch(() => undefined);
  }

  #ended(): number {
    return this.#entries.filter(({ end }) => end === "answered" || end === "refused").length;
  }

  async #ask(): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const { asked, pauseMs = 50 } = this.#options;
    while (!this.#end.signal.aborted && !interrupted.aborted) {
      const entry: Entry = { sendings: [] };
      const one = asked[this.#entries.push(entry) % asked.length];
      const startMs = performance.now();
      if (one) entry.end = await this.#settle(one, entry, agent);
      entry.ms = performance.now() - startMs;
      await wait(pauseMs, undefined, { signal: this.#end.signal }).catch(() => undefined);
    }
    agent.destroy();
  }

  async #settle(asked: Asked, { sendings }: Entry, agent: Agent): Promise<NonNullable<Entry["end"]>> {
    const first = this.#lastUrl++;
    while (sendings.length < (this.#options.sendings ?? 1)) {
      if (sendings.length > 0) await wait(pauseBeforeSendingAgainMs);
      const urls = this.#options.urls();
      const url = urls[(first + sendings.length) % urls.length] ?? "http://127.0.0.1:1";
      const id = randomUUID();
      const { connection, answer } = await send(url, { ...asked, headers: { ...asked.headers, "x-request-id": id } }, agent); // prettier-ignore
      if (typeof answer === "string") sendings.push({ connection, outcome: answer });
      else {
        const isOwn = (answer.headers["x-request-id"] ?? id) === id;
        sendings.push({ connection, outcome: `${isOwn ? "" : "another's "}${answer.status} ${answer.text.slice(0, 200)}` }); // prettier-ignore
        const end = isOwn ? asked.judge(answer) : undefined;
        if (end) return end;
      }
    }
    return "lost";
  }
}

export function sum(...all: readonly Accounts[]): Accounts {
  const total = (of: (one: Accounts) => number) => all.reduce((before, one) => before + of(one), 0);
  return {
    tried: total(({ tried }) => tried),
    answered: total(({ answered }) => answered),
    refused: total(({ refused }) => refused),
    failed: total(({ failed }) => failed),
    lost: total(({ lost }) => lost),
  };
}
