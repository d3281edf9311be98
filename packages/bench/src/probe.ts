import { Agent, request } from "node:http";
import { createServer } from "node:net";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { Child } from "./children.ts";

export interface Answer {
  readonly status: number;
  readonly text: string;
}

interface Ask {
  readonly agent?: Agent | undefined;
  /** Sent by POST. */
  readonly json?: string | undefined;
}

const answerMs = 30_000;

/** One request, by node:http: fetch costs more of the cores that are being measured. */
export function ask(url: string, { agent, json }: Ask = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const method = json === undefined ? "GET" : "POST";
    const headers = json === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(json) }; // prettier-ignore
    const outgoing = request(url, { method, headers, agent: agent ?? false, timeout: answerMs }, (incoming) => {
      let text = "";
      incoming.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      incoming.once("error", reject).once("end", () => resolve({ status: incoming.statusCode ?? 0, text }));
    });
    outgoing.once("timeout", () => outgoing.destroy(new Error(`${url} gave no answer in ${answerMs} ms`)));
    outgoing.once("error", reject).end(json);
  });
}

/** A port of 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

interface Wait {
  readonly url: string;
  readonly json?: string;
  readonly withinMs: number;
}

const pollMs = 3;

/** Resolves once the address answers 200. Throws when the process ends or takes longer than `withinMs`. */
export async function answers(child: Child, { url, json, withinMs }: Wait): Promise<void> {
  const startMs = performance.now();
  let last = "no answer";
  while (performance.now() - startMs < withinMs) {
    if (child.hasEnded) throw child.failure();
    const { status, text } = await ask(url, { json }).catch(() => ({ status: 0, text: last }));
    if (status === 200) return;
    last = text;
    await delay(pollMs);
  }
  throw new Error(`${child.name} is not ready after ${withinMs} ms: ${last.slice(0, 500)}`);
}

/** Asks an address over one connection every few milliseconds. Resolves, when stopped, to what each answer took, in ms. */
export function probe(url: string, everyMs: number): { stop(): Promise<readonly number[]> } {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const tookMs: number[] = [];
  let isStopped = false;
  const run = async () => {
    while (!isStopped) {
      const startMs = performance.now();
      const isAnswered = await ask(url, { agent }).then(({ status }) => status === 200, () => false); // prettier-ignore
      // No answer is worse than any late one, except before the server listens.
      if (isAnswered) tookMs.push(performance.now() - startMs);
      else if (tookMs.length > 0) tookMs.push(Infinity);
      await delay(everyMs);
    }
    agent.destroy();
    return tookMs;
  };
  const done = run();
  return {
    stop: () => {
      isStopped = true;
      return done;
    },
  };
}
