import { asQuestions } from "@tagsmith/model-bundle/instance";
import { EventEmitter, once } from "node:events";
import { connect, type Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { eventually } from "../test/eventually.ts";
import { fakeModel } from "../test/fake-model.ts";
import { engine, exchange, withServer } from "../test/with-server.ts";
import { limits, patience } from "./limits.ts";
import type { Metrics } from "./metrics.ts";
import type { Engine } from "./model-access.ts";

const head = "POST /api/v1/predict HTTP/1.1\r\nhost: x\r\n";
const get = "GET /api/v1/health HTTP/1.1\r\nhost: x\r\n";
const last = "connection: close\r\n\r\n";
const slowHeaders = { headersMs: 150, checkMs: 20 };
const slowBody = { headersMs: 150, requestMs: 300, checkMs: 20 };

describe("a connection", () => {
  it("is kept as long as the service promises, and says so", () =>
    withServer(async ({ url, server }) => {
      const { headers } = await fetch(`${url}/api/v1/health`);
      expect(headers.get("keep-alive")).toBe(`timeout=${patience.keepAliveMs / 1_000}`);
      expect(server.keepAliveTimeout).toBe(patience.keepAliveMs); // stacks/ingress.test.ts compares it with the balancer's
    }));

  it("that has asked and fallen idle outlives the limit for headers, within which a silent one is closed", () =>
    withServer(
      async ({ port }) => {
        const used = connect(port, "127.0.0.1").setEncoding("utf8");
        used.write(`${get}\r\n`);
        await once(used, "data");
        const silent = connect(port, "127.0.0.1").resume();
        await once(silent, "close");
        used.write(`${get}\r\n`);
        expect(await once(used, "data")).toEqual([expect.stringContaining("200 OK") as string]);
        used.destroy();
      },
      { times: slowHeaders },
    ));

  it.each([
    ["headers", "POST /api/v1/predict HTTP/1.1\r\nx-", slowHeaders],
    ["a body", `${head}content-length: 20\r\n\r\n{`, slowBody],
    [
      "a tRPC body",
      `${head.replace("v1", "trpc")}content-type: application/json\r\ncontent-length: 20\r\n\r\n{`,
      slowBody,
    ],
  ])("that sends %s too slowly is told with 408", (_what, sent, times) =>
    withServer(
      async ({ port, metrics }) => {
        const answer = await exchange(port, sent);
        expect(answer).toMatch(/^HTTP\/1.1 408 /);
        expect(answer).toContain('"code":"timeout"');
        expect(answer).toContain("30 s");
        expect(await failuresOf(metrics)).toEqual({ timeout: 1 });
      },
      { times },
    ),
  );

  it.each([
    ["headers too large", `${get}x: ${"x".repeat(limits.headerBytes)}\r\n${last}`, 431, String(limits.headerBytes)],
    ["too many headers", `${get}${"a: b\r\n".repeat(limits.headers)}${last}`, 431, String(limits.headers)],
    ["two lengths", `${head}content-length: 1\r\ncontent-length: 2\r\n\r\n{}`, 400, "HTTP"],
    ["a length and chunks", `${head}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n{}`, 400, "HTTP"],
    ["a chunk without a size", `${head}transfer-encoding: chunked\r\n\r\nzz\r\n`, 400, "HTTP"],
    ["no host", `GET /api/v1/health HTTP/1.1\r\n${last}`, 400, "host"],
    ["two hosts", `${get}Host: y\r\n${last}`, 400, "host"],
    ["two hosts, in HTTP/1.0", `${get.replace("1.1", "1.0")}host: x\r\n${last}`, 400, "host"],
    ["no HTTP", "nonsense\r\n\r\n", 400, "HTTP"],
  ])("that sends %s is told what is wrong", (...[, sent, status, named]) =>
    withServer(async ({ port, metrics }) => {
      const answer = await exchange(port, sent);
      expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
      expect(await failuresOf(metrics)).toEqual({ [status === 431 ? "headers_too_large" : "invalid_request"]: 1 });
      expect(JSON.parse(answer.slice(answer.indexOf("\r\n\r\n")))).toMatchObject({
        detail: expect.stringContaining(named) as string,
      });
    }),
  );

  it.each([
    ["closed", "v1", (socket: Socket) => socket.end()],
    ["reset", "v1", (socket: Socket) => socket.resetAndDestroy()],
    ["closed", "trpc", (socket: Socket) => socket.end()],
    ["reset", "trpc", (socket: Socket) => socket.resetAndDestroy()],
  ])("that is %s amid a body counts as a client that left, and as nothing else (%s)", (_how, api, leave) =>
    withServer(async ({ port, url, metrics }) => {
      const inFlight = async () => (await metrics.inFlight.get()).values[0]?.value;
      const socket = connect(port, "127.0.0.1").resume();
      socket.write(`${head.replace("v1", api)}content-type: application/json\r\ncontent-length: 20\r\n\r\n{`);
      await eventually(inFlight).toBe(1);
      leave(socket);
      await eventually(inFlight).toBe(0);
      await fetch(`${url}/api/v1/health`);
      expect(await failuresOf(metrics)).toEqual({ client_gone: 1 });
    }),
  );

  it("takes as many headers as the limit", () =>
    withServer(async ({ port }) => {
      expect(await exchange(port, `${get}${"a: b\r\n".repeat(limits.headers - 2)}${last}`)).toMatch(/^HTTP\/1.1 200 /);
    }));

  it.each([
    ["the whole address", get.replace("/api", "http://x:8080/api")],
    ["the whole address in capitals, and a query", get.replace("/api/v1/health", "HTTP://X/api/v1/health?http://y/z")],
    ["the whole address of a procedure", get.replace("/api/v1/health", "http://x/api/trpc/health?batch=1")],
    ["an expectation that nobody knows", `${get}expect: more\r\n`],
    ["no host, in HTTP/1.0", "GET /api/v1/health HTTP/1.0\r\n"],
  ])("that asks with %s is answered", (_what, sent) =>
    withServer(async ({ port }) => {
      expect(await exchange(port, sent + last)).toMatch(/^HTTP\/1.1 200 [^]*Service healthy!/);
    }),
  );

  it("that asks for a whole address without a path is told that nothing is there", () =>
    withServer(async ({ port }) => {
      for (const address of ["http://x", "http://x?y", "*", "http://x/nothing"])
        expect(await exchange(port, `${get.replace("/api/v1/health", address)}${last}`)).toMatch(/^HTTP\/1.1 404 /);
    }));

  it("answers what came in one piece in its order", () =>
    withServer(async ({ port }) => {
      const answers = await exchange(port, `${get}\r\n`.repeat(500) + `GET /nothing HTTP/1.1\r\nhost: x\r\n${last}`);
      expect(answers.match(/HTTP\/1.1 200 OK/g)).toHaveLength(500);
      expect(answers.lastIndexOf("404 Not Found")).toBeGreaterThan(answers.lastIndexOf("200 OK"));
    }));

  it("is closed behind the answer to a request that more came with than it said", () =>
    withServer(async ({ port, url }) => {
      const post = (body: string, length: number) => `${head}content-length: ${length}\r\n\r\n${body}`;
      const cut = '{"title":"Größe in python"}'; // 29 bytes, of which a client counts its 27 characters
      expect(await exchange(port, post(cut, 27))).toMatch(/^HTTP\/1.1 400 [^]*not JSON/);
      expect(await exchange(port, post('{"title":"python"}', 18) + "more\r\n\r\n")).toMatch(
        /^HTTP\/1.1 200 [^]*"python"/,
      );
      expect(await exchange(port, `${head}${last}{"title":"python"}`)).toMatch(/^HTTP\/1.1 400 [^]*not JSON/);
      const pipelined = await exchange(port, `${get}\r\n${get}\r\nmore\r\n\r\n`);
      expect(pipelined.match(/HTTP\/1.1 200 OK/g)).toHaveLength(2);
      expect((await fetch(`${url}/api/v1/health`)).status).toBe(200);
    }));

  it("that asks before it sends is told to go on, or refused without its body", () =>
    withServer(async ({ port }) => {
      const expecting = (length: number) => `${head}expect: 100-continue\r\ncontent-length: ${length}\r\n`;
      const body = '{"title":"python"}';
      expect(await exchange(port, `${expecting(body.length)}${last}${body}`)).toMatch(
        /^HTTP\/1.1 100 [^]*HTTP\/1.1 200 /,
      );
      expect(await exchange(port, `${expecting(limits.requestBytes + 1)}\r\n`)).toMatch(/^HTTP\/1.1 413 /);
    }));

  it.each(["v1", "trpc"])("that asks so in HTTP/1.0 gets its answer alone (%s)", (api) =>
    withServer(async ({ port }) => {
      const asking = `${head.replace("1.1", "1.0").replace("v1", api)}expect: 100-continue\r\ncontent-length: 18\r\n`;
      for (const type of ["application/json", "multipart/form-data; boundary=x"])
        expect(await exchange(port, `${asking}content-type: ${type}\r\n\r\n{"title":"python"}`)).not.toMatch(/ 100 /);
    }),
  );
});

it("bodies that come slowly hold so much memory together and no more; small questions are answered all the time", () =>
  withServer(async ({ port, url, server }) => {
    const batch = head.replace("predict", "predict/batch");
    const begun = `${batch}content-length: ${limits.batchRequestBytes}\r\n\r\n${" ".repeat(limits.batchRequestBytes - 1)}`;
    const begin = () => {
      const socket = connect(port, "127.0.0.1").setEncoding("utf8");
      socket.on("error", () => undefined).write(begun);
      return socket;
    };
    const ask = async (padding: number) => {
      const body = JSON.stringify({ title: "python", padding: " ".repeat(padding) });
      return (await fetch(`${url}/api/v1/predict`, { method: "POST", body })).status;
    };
    const taken: Socket[] = [];
    server.on("connection", (socket) => taken.push(socket));
    const held = Array.from({ length: limits.heldBytes / limits.batchRequestBytes }, begin);
    await eventually(() => taken.map((socket) => socket.bytesRead)).toEqual(held.map(() => begun.length));
    const refused = Array.from({ length: 4 }, begin);
    for (const answers of await Promise.all(refused.map((socket) => once(socket, "data"))))
      expect(answers).toEqual([expect.stringMatching(/^HTTP\/1\.1 429 [^]*"code":"overloaded"/)]);
    expect([await ask(limits.requestBytes / 2), await ask(0)]).toEqual([429, 200]);
    for (const socket of [...held, ...refused]) socket.destroy();
    await eventually(() => ask(limits.requestBytes / 2)).toBe(200);
  }));

it("what is sent behind an unanswered question is let go with the connection, whatever it holds", () => {
  const leaving = new EventEmitter();
  const predict: Engine["predict"] = async (questions) => {
    if (asQuestions(questions).some(({ title }) => title === "wait")) await once(leaving, "answer");
    return engine.predict(questions);
  };
  return withServer(
    async ({ port, url, metrics }) => {
      const inFlight = async () => (await metrics.inFlight.get()).values[0]?.value;
      const post = (body: string) => `${head}content-length: ${body.length}\r\n\r\n${body}`;
      const large = JSON.stringify({ title: "python", padding: " ".repeat(limits.requestBytes - 100) });
      for (let round = 0; round < 8; round++) {
        const socket = connect(port, "127.0.0.1").on("error", () => undefined);
        socket.write(post('{"title":"wait"}') + post(large).repeat(9));
        await eventually(inFlight).toBe(10);
        socket.destroy();
        await eventually(inFlight).toBe(0);
      }
      leaving.emit("answer");
      expect(await failuresOf(metrics)).toEqual({ client_gone: 80 });
      expect((await fetch(`${url}/api/v1/predict`, { method: "POST", body: large })).status).toBe(200);
    },
    { model: fakeModel({ ...engine, predict }) },
  );
});

/** How often requests failed, by the error's code. */
async function failuresOf({ registry }: Metrics): Promise<Record<string, number>> {
  const { values = [] } = (await registry.getSingleMetric("tagsmith_failures_total")?.get()) ?? {};
  return Object.fromEntries(values.map(({ labels, value }) => [String(labels["code"]), value]));
}
