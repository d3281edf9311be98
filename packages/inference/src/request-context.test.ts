import { connect } from "node:net";
import { describe, expect, it, vi } from "vitest";
import { fakeModel } from "../test/fake-model.ts";
import { engine, withServer } from "../test/with-server.ts";
import { ServiceError } from "./errors.ts";

const body = '{"title":"python"}';
const head = (api: string) =>
  `POST /api/${api}/predict HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n`;

describe.each(["v1", "trpc"])("a request under /api/%s", (api) => {
  it("is refused before its body has come when the model is full, over a connection that stays", () => {
    const full = new ServiceError("overloaded", "Too many.", { retryAfterSeconds: 3 });
    const admit = () => {
      throw full;
    };
    return withServer(
      async ({ port }) => {
        const socket = connect(port, "127.0.0.1").setEncoding("utf8");
        let answers = "";
        socket.on("data", (text: string) => (answers += text));
        socket.write(`${head(api)}\r\n`);
        await vi.waitFor(() => expect(answers).toMatch(/^HTTP\/1.1 429 [^]*retry-after: 3\r\n[^]*overloaded/));
        socket.write(`${body}GET /api/v1/health HTTP/1.1\r\nhost: x\r\n\r\n`);
        await vi.waitFor(() => expect(answers).toContain("HTTP/1.1 200 OK"));
        socket.destroy();
      },
      { model: { ...fakeModel(engine), admit } },
    );
  });

  it("tells the model once its client has gone", async () => {
    let signal: AbortSignal | undefined;
    const lease = (_work: unknown, asker?: { readonly signal?: AbortSignal | undefined }) => {
      signal = asker?.signal;
      return new Promise<never>(() => undefined);
    };
    await withServer(
      async ({ port }) => {
        const socket = connect(port, "127.0.0.1");
        socket.write(`${head(api)}\r\n${body}`);
        await vi.waitFor(() => expect(signal?.aborted).toBe(false));
        socket.destroy();
        await vi.waitFor(() => expect(signal?.aborted).toBe(true));
        expect(signal?.reason).toMatchObject({ code: "client_gone" });
      },
      { model: { ...fakeModel(engine), lease } },
    );
  });
});
