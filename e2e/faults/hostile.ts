import assert from "node:assert/strict";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { type Accounts, Load, sum } from "./load.ts";
import { goldenQuestions } from "./models.ts";
import type { Row } from "./row.ts";
import { send, type Sent } from "./send.ts";
import { Service } from "./service.ts";
import { Site } from "./site.ts";

const json = { "content-type": "application/json" };
const padded = (bytes: number) => JSON.stringify({ title: "python" }).padEnd(bytes);
const mebibyte = 2 ** 20;
const gzipped = { ...json, "content-encoding": "gzip" };

/** What is sent to `/api/v1/predict` unless a path is given, and the status that it must get. */
const requests: readonly (Partial<Sent> & { readonly status: number })[] = [
  { body: padded(mebibyte), status: 200 },
  { body: padded(mebibyte + 1), status: 413 },
  { body: JSON.stringify({ title: "x".repeat(1_000) }), status: 200 },
  { body: JSON.stringify({ title: "x".repeat(1_001) }), status: 422 },
  { headers: gzipped, body: gzipSync(padded(mebibyte)), status: 200 },
  { headers: gzipped, body: gzipSync(Buffer.alloc(256 * mebibyte, " ")), status: 413 },
  { path: `/api/trpc/${Array(1_000).fill("model.current").join(",")}?batch=1`, status: 400 },
  { headers: { cookie: "x".repeat(32_768) }, body: padded(30), status: 431 },
  { headers: Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`x-${at}`, "x"])), body: padded(30), status: 431 },
  { body: "[".repeat(50_000), status: 400 },
  { body: "no JSON", status: 400 },
]; // prettier-ignore

export const hostile: Row = {
  fault: "Too large, too many, too deep, too slow: bodies, batches, headers, bombs",
  async run(lab) {
    const { shipped } = lab.models;
    await using site = await Site.open(lab, shipped);
    await using service = await Service.ready(site);
    await using load = new Load({ urls: () => [service.url], asked: goldenQuestions(shipped.manifest) });
    await Promise.all([sendAll(service.url), ...Array.from({ length: slowCount }, () => trickle(service.url))]);
    const statuses = requests.map(({ status }) => status);
    const answered = statuses.filter((status) => status === 200).length;
    const tried = requests.length + slowCount;
    const own: Accounts = { tried, answered, refused: tried - answered, failed: 0, lost: 0 };
    const different = [...new Set([...statuses, 408])].sort((a, b) => a - b).join(", ");
    return { ...sum(await load.stop(), own), seen: `each got its status (${different}); others noticed nothing` };
  },
};

async function sendAll(url: string): Promise<void> {
  for (const { path = "/api/v1/predict", headers = json, body, status } of requests) {
    const { answer } = await send(url, { path, headers, ...(body !== undefined && { body }) });
    const got = typeof answer === "string" ? answer : answer.status;
    assert.equal(got, status, `${path.slice(0, 40)}, ${body?.length ?? 0} bytes`);
  }
}

const slowCount = 10;

/** Sends its headers at a byte a second. */
async function trickle(url: string): Promise<void> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1").setNoDelay();
  const head = "POST /api/v1/predict HTTP/1.1\r\nhost: x\r\n";
  let sent = 0;
  const sending = setInterval(() => void socket.write(head[sent++] ?? "x"), 1_000);
  try {
    assert.match(await text(socket), /^HTTP\/1\.1 408 /);
  } finally {
    clearInterval(sending);
  }
}
