import { describe, expect, it } from "vitest";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { withServer } from "../test/with-server.ts";
import { limits } from "./limits.ts";

const json = { "content-type": "application/json" };

/** What is answered to a body. */
async function ask(url: string, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = json) {
  const answer = await fetch(url, { method: "POST", headers, body });
  return { status: answer.status, text: await answer.text() };
}

/** A call with more in its address than its own goes through tRPC's adapter. */
const ways = ["v1/predict", "trpc/predict", "trpc/predict?any=1"];

describe.each([
  ["gzip", gzipSync],
  ["deflate", deflateSync],
  ["br", brotliCompressSync],
] as const)("a body compressed by %s", (encoding, compress) => {
  const sized = (bytes: number) => Uint8Array.from(compress(`{"title":"python"}${" ".repeat(bytes - 18)}`));

  it.each(ways)("is read up to the limit of what it becomes, and refused above (%s)", (way) =>
    withServer(async ({ url }) => {
      const send = (body: Uint8Array<ArrayBuffer>) =>
        ask(`${url}/api/${way}`, body, { ...json, "content-encoding": encoding });
      expect(await send(sized(limits.requestBytes))).toMatchObject({ status: 200 });
      for (const bytes of [limits.requestBytes + 1, 2 ** 26]) {
        const { status, text } = await send(sized(bytes));
        expect([status, text]).toEqual([413, expect.stringContaining(String(limits.requestBytes))]);
      }
      expect(await send(new TextEncoder().encode("no such thing"))).toMatchObject({ status: 400 });
      expect(await send(sized(1_000).subarray(0, 10))).toMatchObject({ status: 400 });
    }),
  );
});

it.each(["v1", "trpc"])("other encodings are refused with those that are known (%s)", (api) =>
  withServer(async ({ url }) => {
    const headers = { ...json, "content-encoding": "zstd" };
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
      const body = Uint8Array.from(encode(Buffer.from('{"title":"python"}')));
      const answer = await ask(`${url}/api/${api}/predict`, body, { ...json, "content-encoding": encoding });
      expect(answer.status).toBe(200);
    }
  }),
);

it.each(ways)("JSON is read at the limit of its depth, and refused above (%s)", (way) =>
  withServer(async ({ url }) => {
    const nested = (depth: number) =>
      ask(`${url}/api/${way}`, `{"title":"python","x":${"[".repeat(depth - 1)}${"]".repeat(depth - 1)}}`);
    expect(await nested(limits.jsonDepth)).toMatchObject({ status: 200 });
    for (const depth of [limits.jsonDepth + 1, 50_000]) {
      const { status, text } = await nested(depth);
      expect([status, text]).toEqual([400, expect.stringContaining(`${limits.jsonDepth} deep`)]);
    }
  }),
);

it.each(["v1", "trpc"])(
  "JSON of as many parts as the limit is read, and refused above, whatever they are (%s)",
  (api) =>
    withServer(async ({ url }) => {
      const made = (part: string, count: number) => {
        const parts = Array.from({ length: count }, () => part).join();
        return ask(`${url}/api/${api}/predict`, `{"title":"python \\"[{\\\\","x":[${parts}]}`);
      };
      const left = limits.jsonParts - 5; // two containers, two names and a title
      for (const part of ['""', "[]", "{}"]) {
        expect(await made(part, left)).toMatchObject({ status: 200 });
        const { status, text } = await made(part, left + 1);
        expect([status, text]).toEqual([413, expect.stringMatching(/65536 objects, lists and strings.*"too_large"/)]);
      }
      expect(await made("1", limits.jsonParts)).toMatchObject({ status: 200 });
    }),
);

it.each(["v1", "trpc"])("a body that isn't UTF-8 is refused, and U+FFFD read as any letter (%s)", (api) =>
  withServer(async ({ url }) => {
    const spelt = (letter: readonly number[]) =>
      ask(
        `${url}/api/${api}/predict`,
        Buffer.concat([Buffer.from('{"title":"python'), Buffer.from(letter), Buffer.from('"}')]),
      );
    for (const letter of [[0xe9], [0xc3], [0xed, 0xa0, 0x80]]) {
      const { status, text } = await spelt(letter);
      expect([status, text]).toEqual([400, expect.stringMatching(/not UTF-8.*"invalid_json"/)]);
    }
    expect(await spelt([0xef, 0xbf, 0xbd])).toMatchObject({ status: 200 });
  }),
);

it("a key that reaches for every object's prototype changes nothing", () =>
  withServer(async ({ url }) => {
    const body = '{"title":"python","__proto__":{"body":5},"constructor":{"prototype":{"tags":1}}}';
    expect((await ask(`${url}/api/v1/predict`, body)).status).toBe(200);
    expect(Object.keys(Object.prototype)).toEqual([]);
  }));
