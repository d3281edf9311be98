import { Readable } from "node:stream";
import { expect, it, vi } from "vitest";
import { FakeInference } from "../test/fake-inference.ts";
import { parseCursor } from "@tagsmith/question-files/cursor";
import { FileFault } from "@tagsmith/question-files/row";
import { askOf } from "../server/bulk/ask.ts";
import { tagSlice } from "../server/bulk/slice.ts";
import { BulkUpload } from "./bulk-upload.ts";
import type { SendSlice } from "./send-slice.ts";
import type { UploadProgress } from "./upload-progress.ts";

/** What the server does with a slice. */
const server: SendSlice = async (form, signal) => {
  const cursor = parseCursor(form.get("cursor") as string);
  const bytes = Readable.from([new Uint8Array(await (form.get("file") as File).arrayBuffer())]);
  const source = { bytes, cursor, isWhole: form.get("isLast") === "true" };
  const inference = new FakeInference();
  try {
    const slice = await tagSlice(source, askOf(inference, signal));
    return { slice };
  } catch (error) {
    if (error instanceof FileFault) return { refusal: error.message };
    throw error;
  }
};

/** Runs to the end, without waiting between two tries; `onWait` may do otherwise. */
async function run(file: File, send: SendSlice, onWait = (upload: BulkUpload) => upload.retry()) {
  const told: Partial<UploadProgress>[] = [];
  const upload: BulkUpload = new BulkUpload(file, tell, send);
  function tell(change: Partial<UploadProgress>): void {
    told.push(change);
    if (change.waiting) onWait(upload);
  }
  await upload.run();
  const progress = Object.assign({}, ...told) as Partial<UploadProgress>;
  const text = progress.result && (await (await fetch(progress.result.url)).text());
  upload.dispose();
  return { progress, told, text };
}

const titles = Array.from({ length: 3_000 }, (_, index) => `tag${index}`);
const csv = new File([`title,body\n${titles.map((title) => `${title},"${"b".repeat(300)}\n"\n`).join("")}`], "a.csv");
const tagsIn = (text = "") => [...text.matchAll(/^",(tag\d+),/gm)].map(([, tag]) => tag);

it("a file that takes many slices comes back whole, and tells how far it is", async () => {
  const { progress, told, text } = await run(csv, server);
  expect(progress).toMatchObject({ isRunning: false, rows: 3_000, share: 1, result: { isWhole: true } });
  expect(tagsIn(text)).toEqual(titles);
  const shares = told.flatMap(({ share }) => share ?? []);
  expect(shares.length).toBeGreaterThan(2);
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
});

it("each row has one result, however often the connection breaks or the service fails", async () => {
  let sent = 0;
  const { progress, text } = await run(csv, async (form, signal) => {
    sent += 1;
    if (sent % 4 === 1) throw new TypeError("the connection broke");
    if (sent % 4 === 2) return { failure: { kind: "loading", retryAfterSeconds: 3 } };
    const answer = await server(form, signal);
    if (sent % 4 === 3) throw new TypeError("the answer broke off");
    return answer;
  });
  expect(progress.result?.isWhole).toBe(true);
  expect(tagsIn(text)).toEqual(titles);
});

it("a wait is told with its reason and counted down from what the service asks for", async () => {
  const failure = { kind: "overloaded", retryAfterSeconds: 7 } as const;
  let isFirst = true;
  const { told } = await run(csv, (form, signal) => {
    if (!isFirst) return server(form, signal);
    isFirst = false;
    return Promise.resolve({ failure });
  });
  expect(told[0]).toEqual({ waiting: { failure, inSeconds: 7 } });
});

it("what was answered before it was stopped can be had", async () => {
  let sent = 0;
  const stopLater: SendSlice = (form, signal) =>
    ++sent < 3 ? server(form, signal) : Promise.resolve({ failure: { kind: "unreachable" } });
  const { progress, text } = await run(csv, stopLater, (upload) => upload.stop());
  expect(progress).toMatchObject({ isRunning: false, result: { isWhole: false } });
  expect(tagsIn(text)).toEqual(titles.slice(0, progress.rows));
  expect(progress.rows).toBeGreaterThan(0);
});

it("a file that nobody looks at any longer leaves nothing behind", async () => {
  using made = vi.spyOn(URL, "createObjectURL");
  let sent = 0;
  const leaveLater: SendSlice = (form, signal) =>
    ++sent < 3 ? server(form, signal) : Promise.resolve({ failure: { kind: "unreachable" } });
  await run(csv, leaveLater, (upload) => upload.dispose());
  expect(made).not.toHaveBeenCalled();
});

it("a row that is larger than the first slices gets one that holds it", async () => {
  const body = "b".repeat(99_000);
  const file = new File(
    [`${JSON.stringify({ title: "Long", more: body.repeat(9), body })}\n{"title":"Next"}`],
    "a.jsonl",
  );
  const { progress } = await run(file, server);
  expect(progress).toMatchObject({ rows: 2, faultCount: 0, result: { isWhole: true } });
});

it("a file without an end of rows is given up with what it had", async () => {
  const { progress } = await run(new File([`title\nfirst\n${"\n".repeat(5 * 2 ** 20)}last\n`], "a.csv"), server);
  expect(progress).toMatchObject({ rows: 1, refusal: expect.stringContaining("No row ends") as string });
  expect(progress.result).toMatchObject({ isWhole: false });
});

it("a file that can't be read says why and has no result", async () => {
  const { progress } = await run(new File(["name\nx\n"], "a.csv"), server);
  expect(progress).toMatchObject({ isRunning: false, refusal: expect.stringContaining("title") as string });
  expect(progress.result).toBeUndefined();
});

it("rows without tags are counted, the first hundred named", async () => {
  const { progress } = await run(new File([`title\n${'""\n'.repeat(150)}`], "a.csv"), server);
  expect(progress.faultCount).toBe(150);
  expect(progress.faults?.map(({ row }) => row)).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
});
