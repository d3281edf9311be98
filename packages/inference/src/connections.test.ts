import { asQuestions } from "@tagsmith/model-bundle/instance";
import { EventEmitter, once } from "node:events";
import { connect, type Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
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

  it("that asks before it sends is told to go on, or refused without its body", () =>
    withServer(async ({ port }) => {
      const expecting = (length: number) => `${head}expect: 100-continue\r\ncontent-length: ${length}\r\n`;
      const body = '{"title":"python"}';
      expect(await exchange(port, `${expecting(body.length)}${last}${body}`)).toMatch(
        /^HTTP\/1.1 100 [^]*HTTP\/1.1 200 /,
      );
      expect(await exchange(port, `${expecting(limits.requestBytes + 1)}\r\n`)).toMatch(/^HTTP\/1.1 413 /);
    }));
});

describe.each([
  ["gzip", gzipSync],
  ["deflate", deflateSync],
  ["br", brotliCompressSync],
] as const)("a body compressed by %s", (encoding, compress) => {
  const sized = (bytes: number) => Uint8Array.from(compress(`{"title":"python"}${" ".repeat(bytes - 18)}`));

  it.each(["v1", "trpc"])("is read up to the limit of what it becomes, and refused above (%s)", (api) =>
    withServer(async ({ url }) => {
      const ask = async (body: Uint8Array<ArrayBuffer>) => {
        const headers = { "content-encoding": encoding, "content-type": "application/json" };
        const answer = await fetch(`${url}/api/${api}/predict`, { method: "POST", headers, body });
        return { status: answer.status, text: await answer.text() };
      };
      expect(await ask(sized(limits.requestBytes))).toMatchObject({ status: 200 });
      for (const bytes of [limits.requestBytes + 1, 2 ** 26]) {
        const { status, text } = await ask(sized(bytes));
        expect([status, text]).toEqual([413, expect.stringContaining(String(limits.requestBytes))]);
      }
      expect(await ask(new TextEncoder().encode("no such thing"))).toMatchObject({ status: 400 });
      expect(await ask(sized(1_000).subarray(0, 10))).toMatchObject({ status: 400 });
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

it.each(["v1", "trpc"])("other encodings are refused with those that are known (%s)", (api) =>
  withServer(async ({ url }) => {
    const headers = { "content-encoding": "zstd", "content-type": "application/json" };
    const answer = await fetch(`${url}/api/${api}/predict`, { method: "POST", headers, body: "{}" });
    expect([answer.status, answer.headers.get("accept-encoding")]).toEqual([415, "gzip, deflate, br"]);
  }),
);

const unchanged = (body: Buffer) => body;

it.each([
  ["x-gzip", gzipSync],
  ["X-GZip", gzipSync],
  ["", unchanged],
  ["identity", unchanged],
])("an encoding of another name that HTTP gives it is read: %j", (encoding, encode) =>
  withServer(async ({ url }) => {
    for (const api of ["v1", "trpc"]) {
      const headers = { "content-encoding": encoding, "content-type": "application/json" };
      const body = Uint8Array.from(encode(Buffer.from('{"title":"python"}')));
      expect((await fetch(`${url}/api/${api}/predict`, { method: "POST", headers, body })).status).toBe(200);
    }
  }),
);

it.each(["v1", "trpc"])("JSON is read at the limit of its depth, and refused above (%s)", (api) =>
  withServer(async ({ url }) => {
    const ask = async (depth: number) => {
      const body = `{"title":"python","x":${"[".repeat(depth - 1)}${"]".repeat(depth - 1)}}`;
      const headers = { "content-type": "application/json" };
      const answer = await fetch(`${url}/api/${api}/predict`, { method: "POST", headers, body });
      return { status: answer.status, text: await answer.text() };
    };
    expect(await ask(limits.jsonDepth)).toMatchObject({ status: 200 });
    for (const depth of [limits.jsonDepth + 1, 50_000]) {
      const { status, text } = await ask(depth);
      expect([status, text]).toEqual([400, expect.stringContaining(`${limits.jsonDepth} deep`)]);
    }
  }),
);

it.each(["v1", "trpc"])(
  "JSON of as many parts as the limit is read, and refused above, whatever they are (%s)",
  (api) =>
    withServer(async ({ url }) => {
      const ask = async (part: string, count: number) => {
        const body = `{"title":"python \\"[{\\\\","x":[${Array.from({ length: count }, () => part).join()}]}`;
        const headers = { "content-type": "application/json" };
        const answer = await fetch(`${url}/api/${api}/predict`, { method: "POST", headers, body });
        return { status: answer.status, text: await answer.text() };
      };
      const left = limits.jsonParts - 5; // two containers, two names and a title
      for (const part of ['""', "[]", "{}"]) {
        expect(await ask(part, left)).toMatchObject({ status: 200 });
        const { status, text } = await ask(part, left + 1);
        expect([status, text]).toEqual([413, expect.stringMatching(/65536 objects, lists and strings.*"too_large"/)]);
      }
      expect(await ask("1", limits.jsonParts)).toMatchObject({ status: 200 });
    }),
);

it.each(["v1", "trpc"])("a body that isn't UTF-8 is refused, and U+FFFD read as any letter (%s)", (api) =>
  withServer(async ({ url }) => {
    const ask = async (letter: readonly number[]) => {
      const body = Buffer.concat([Buffer.from('{"title":"python'), Buffer.from(letter), Buffer.from('"}')]);
      const headers = { "content-type": "application/json" };
      const answer = await fetch(`${url}/api/${api}/predict`, { method: "POST", headers, body });
      return { status: answer.status, text: await answer.text() };
    };
    for (const letter of [[0xe9], [0xc3], [0xed, 0xa0, 0x80]]) {
      const { status, text } = await ask(letter);
      expect([status, text]).toEqual([400, expect.stringMatching(/not UTF-8.*"invalid_json"/)]);
    }
    expect(await ask([0xef, 0xbf, 0xbd])).toMatchObject({ status: 200 });
  }),
);

it("a key that reaches for every object's prototype changes nothing", () =>
  withServer(async ({ url }) => {
    const body = '{"title":"python","__proto__":{"body":5},"constructor":{"prototype":{"tags":1}}}';
    const answer = await fetch(`${url}/api/v1/predict`, { method: "POST", body });
    expect(answer.status).toBe(200);
    expect(Object.keys(Object.prototype)).toEqual([]);
  }));

/** How often requests failed, by the error's code. */
async function failuresOf({ registry }: Metrics): Promise<Record<string, number>> {
  const { values = [] } = (await registry.getSingleMetric("tagsmith_failures_total")?.get()) ?? {};
  return Object.fromEntries(values.map(({ labels, value }) => [String(labels["code"]), value]));
}
