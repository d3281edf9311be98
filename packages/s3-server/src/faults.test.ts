import { once } from "node:events";
import { get as httpGet } from "node:http";
import { connect } from "node:net";
import { randomBytes } from "node:crypto";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { describe, expect } from "vitest";
import { Bucket, eventually, get, it, put } from "../test/server.ts";

const bytes = randomBytes(1_000_000);

/** Reads what comes, until the answer ends or is cut. */
function watch(url: string) {
  const seen = { received: 0, complete: false, cut: false, leave: () => request.destroy() };
  const request = httpGet(url, (answer) => {
    answer.on("data", (chunk: Buffer) => (seen.received += chunk.length));
    answer.on("end", () => (seen.complete = true));
    answer.on("error", () => (seen.cut = true));
  });
  return seen;
}

describe("a planned fault", () => {
  it("drops the connection after exactly the bytes asked for", async ({ server, client, faults }) => {
    await put(client, "k", bytes);
    faults.add({ kind: "drop", afterBytes: 500_000 }, { operation: "GetObject" });
    const seen = watch(`${server.url}/${Bucket}/k`);
    await eventually(() => expect(seen.cut).toBe(true));
    expect(seen).toMatchObject({ received: 500_000, complete: false });
    expect((await get(client, "k")).equals(bytes)).toBe(true);
  });

  it("stalls a body with the connection open, until the client leaves", async ({ server, client, faults }) => {
    await put(client, "k", bytes);
    faults.add({ kind: "stall", afterBytes: 300_000 }, { operation: "GetObject" });
    const seen = watch(`${server.url}/${Bucket}/k`);
    await eventually(() => expect(seen.received).toBe(300_000));
    expect((await get(client, "k")).equals(bytes)).toBe(true);
    expect(seen).toMatchObject({ received: 300_000, complete: false, cut: false });
    seen.leave();
  });

  it("does not keep the server from closing while it stalls", async ({ server, client, faults }) => {
    await put(client, "k", bytes);
    faults.add({ kind: "stall", afterBytes: 1 }, { operation: "GetObject" });
    const seen = watch(`${server.url}/${Bucket}/k`);
    await eventually(() => expect(seen.received).toBe(1));
    await server.close();
    await eventually(() => expect(seen.cut).toBe(true));
  });

  it("corrupts those bytes and no others, which the client's checksum finds", async ({ server, client, faults }) => {
    await put(client, "k", bytes);
    faults.add({ kind: "corrupt", atByte: 300_000, bytes: 50 }, { operation: "GetObject", times: 2 });
    const received = Buffer.from(await (await fetch(`${server.url}/${Bucket}/k`)).arrayBuffer());
    const changed = [...received.keys()].filter((index) => received[index] !== bytes[index]);
    expect([changed.length, changed[0], changed.at(-1)]).toEqual([50, 300_000, 300_049]);
    await expect(get(client, "k")).rejects.toThrow(/checksum/i);
  });

  it("overwrites the object between two ranges", async ({ client, faults }) => {
    const IfMatch = await put(client, "k", "first version");
    faults.add(
      { kind: "meanwhile", action: () => put(client, "k", "other version") },
      { operation: "GetObject", skip: 1 },
    );
    const range = (Range: string) => client.send(new GetObjectCommand({ Bucket, Key: "k", IfMatch, Range }));
    expect(await (await range("bytes=0-4")).Body?.transformToString()).toBe("first");
    await expect(range("bytes=5-9")).rejects.toMatchObject({ name: "PreconditionFailed" });
  });

  it("answers 503 SlowDown so many times", async ({ client, faults }) => {
    await put(client, "k", "x");
    faults.add({ kind: "slow-down" }, { operation: "GetObject", key: "k", times: 2 });
    for (let time = 0; time < 2; time++) await expect(get(client, "k")).rejects.toMatchObject({ name: "SlowDown" });
    expect((await get(client, "k")).toString()).toBe("x");
  });

  it("delays one request and not the next", async ({ client, faults }) => {
    await put(client, "k", "x");
    faults.add({ kind: "delay", delayMs: 500 }, { operation: "GetObject" });
    const finished: string[] = [];
    const slow = get(client, "k").then(() => finished.push("delayed"));
    await eventually(() => expect(faults.seen.at(-1)?.operation).toBe("GetObject"));
    await get(client, "k").then(() => finished.push("next"));
    await slow;
    expect(finished).toEqual(["next", "delayed"]);
  });

  it("loses the answer to a write that is done", async ({ client, faults }) => {
    faults.add({ kind: "drop", afterBytes: 0 }, { operation: "PutObject" });
    await expect(put(client, "k", "written")).rejects.toThrow();
    expect((await get(client, "k")).toString()).toBe("written");
  });
});

it("notes what was asked, with the range", async ({ client, faults }) => {
  await put(client, "k", "0123456789");
  await client
    .send(new GetObjectCommand({ Bucket, Key: "k", Range: "bytes=0-4" }))
    .then(({ Body }) => Body?.transformToString());
  expect(faults.seen).toEqual([
    { operation: "PutObject", bucket: Bucket, key: "k", range: undefined },
    { operation: "GetObject", bucket: Bucket, key: "k", range: "bytes=0-4" },
  ]);
});

it("what a client asked for without waiting, and left, does not keep the server from closing", async ({
  server,
  client,
  faults,
}) => {
  await put(client, "k", randomBytes(10_000_000));
  faults.clear();
  const socket = connect(server.port, "127.0.0.1");
  socket.write(`GET /${Bucket}/k HTTP/1.1\r\nhost: a\r\n\r\n`.repeat(3));
  await eventually(() => expect(faults.seen).toHaveLength(3));
  await once(socket, "readable");
  socket.destroy();
  await server.close();
});
