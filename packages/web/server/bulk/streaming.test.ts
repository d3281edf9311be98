import { spawn } from "node:child_process";
import { once } from "node:events";
import { request, type ClientRequest, type IncomingMessage } from "node:http";
import { fileURLToPath } from "node:url";
import { Readable } from "node:stream";
import { expect, it, vi } from "vitest";
import { bulkLimits } from "../../app/bulk.ts";
import { itWithBulk } from "../../test/with-bulk.ts";
import { openFile } from "@tagsmith/question-files/open";
import { tagRows } from "./tag-rows.ts";

const mebibyte = 2 ** 20;
const line = `${JSON.stringify({ title: "Python, please", body: "b".repeat(2_000) })}\n`;

/** A form's file that is made while it is sent. */
function* formOf(bytes: number, boundary: string) {
  yield `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.jsonl"\r\n\r\n`;
  for (let sent = 0; sent < bytes; sent += 32 * line.length) yield line.repeat(32);
  yield `\r\n--${boundary}--\r\n`;
}

function upload(url: string, bytes: number): ClientRequest {
  const headers = { "content-type": "multipart/form-data; boundary=x" };
  const sent = request(`${url}/bulk`, { method: "POST", headers });
  Readable.from(formOf(bytes, "x")).pipe(sent);
  return sent;
}

async function rowsAnswered(url: string, bytes: number): Promise<number> {
  const [response] = (await once(upload(url, bytes), "response")) as [IncomingMessage];
  let rows = 0;
  for await (const chunk of response) rows += (chunk as Buffer).filter((byte) => byte === 0x0a).length;
  return rows;
}

it("a large file takes no more memory than a small one", async () => {
  const program = fileURLToPath(new URL("../../test/bulk-server.ts", import.meta.url));
  const server = spawn(process.execPath, ["--import", "tsx", "--max-semi-space-size=4", program]);
  try {
    const [printed] = (await once(server.stdout, "data")) as [Buffer];
    const url = printed.toString().trim();
    const peakBytes = async () => 1_024 * Number(await (await fetch(`${url}/peak-kilobytes`)).json());
    await rowsAnswered(url, 48 * mebibyte);
    const before = await peakBytes();
    const rows = await rowsAnswered(url, 192 * mebibyte);
    expect(rows * line.length).toBeGreaterThanOrEqual(192 * mebibyte);
    expect((await peakBytes()) - before).toBeLessThan(96 * mebibyte); // of the 144 that are more
  } finally {
    server.kill();
  }
});

it("no more is read and asked than what is taken from it needs", async () => {
  let linesRead = 0;
  const endless = async function* () {
    for (;;) {
      linesRead += 1;
      yield await Promise.resolve(Buffer.from(line));
    }
  };
  let asked = 0;
  const tagging = { tags: [], predictions: [] };
  const { rows } = await openFile({ bytes: endless(), isWhole: true });
  const tagged = tagRows(rows, (questions) => {
    asked += questions.length;
    return Promise.resolve({ ok: true, value: questions.map(() => ({ tagging, model: "fake@1" })) });
  });
  for (let taken = 0; taken < 1_000; taken++) await tagged.next();
  await tagged.return();
  expect(asked).toBeLessThan(1_000 + 3 * 64);
  expect(linesRead).toBeLessThan(1_000 + 4 * 64);
});

itWithBulk("a client that leaves is not worked for any longer, and nothing of its file stays", async (bulk) => {
  const { inference, post, left } = bulk;
  const controller = new AbortController();
  inference.isHanging = () => inference.asked.length > 3;
  const response = await post(line.repeat(20_000), { signal: controller.signal });
  await vi.waitFor(() => expect(inference.isHanging()).toBe(true));
  controller.abort();
  await expect(response.text()).rejects.toThrow();
  await vi.waitFor(() => expect(inference.abandoned).toBeGreaterThan(0));
  expect(inference.asked.length).toBeLessThan(20_000 / 64);
  expect(await left()).toEqual([]);
});

itWithBulk(
  "so many files lie on the disk at once and no more, and whoever leaves makes room",
  async ({ url, post, inference, left }) => {
    inference.isHanging = () => true;
    const leaving = new AbortController();
    const { signal } = leaving;
    await Promise.all(Array.from({ length: bulkLimits.filesAtOnce }, () => post("title\nx\n", { signal })));
    const refused = await post("title\nx\n");
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "60"]);
    inference.isHanging = () => false;
    leaving.abort();
    await expect.poll(async () => (await post("title\nx\n")).status, { timeout: 20_000 }).toBe(200);

    for (let count = 0; count < 2 * bulkLimits.filesAtOnce; count++) {
      const broken = request(`${url}/bulk`, {
        method: "POST",
        headers: { "content-type": "multipart/form-data; boundary=x" },
      });
      broken.on("error", () => undefined);
      broken.write([...formOf(line.length, "x")].join("").slice(0, -10));
      await expect.poll(left, { timeout: 20_000 }).not.toEqual([]);
      broken.destroy();
      await expect.poll(left, { timeout: 20_000 }).toEqual([]);
    }
    expect((await post("title\nx\n")).status).toBe(200);
  },
);
