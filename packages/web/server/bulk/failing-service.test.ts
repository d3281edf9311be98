import { describe, expect } from "vitest";
import type { Failure } from "../../app/failure.ts";
import { itWithBulk, tagsIn } from "../../test/with-bulk.ts";

const unreachable: Failure = { kind: "unreachable" };

const rowsOf = (count: number) => Array.from({ length: count }, (_, index) => `tag${index}`);
const fileOf = (rows: readonly string[]) => `title\n${rows.join("\n")}\n`;
describe("a service that fails", () => {
  itWithBulk("and comes back in the middle of a file loses nothing", async ({ post, inference }) => {
    const rows = rowsOf(300);
    inference.failing = () => ([3, 4].includes(inference.asked.length) ? unreachable : undefined);
    expect(tagsIn(await (await post(fileOf(rows))).text())).toEqual(rows);
  });

  itWithBulk("for good leaves each row with its reason", async ({ post, inference }) => {
    inference.failing = (questions) => (questions[0]?.title === "tag64" ? unreachable : undefined);
    const text = await (await post(fileOf(rowsOf(130)))).text();
    const tags = tagsIn(text);
    expect(tags.slice(0, 64)).toEqual(rowsOf(64));
    expect(new Set(tags.slice(64, 128))).toEqual(new Set([""]));
    expect(text).toContain("tag64,,,Row 65: The service gave no answer in time.,\r\n");
    expect(tags.slice(128)).toEqual(["tag128", "tag129"]);
  });

  itWithBulk("changes its model in the middle of a file: each row names the version that tagged it", async (bulk) => {
    const { post, inference } = bulk;
    inference.versionOf = (questions) => (questions[0]?.title === "tag64" ? "2" : "1");
    const rows = (await (await post(fileOf(rowsOf(130)))).text()).split("\r\n").slice(1, -1);
    const [first, second] = [Array<string>(64).fill("fake@1"), Array<string>(64).fill("fake@2")];
    expect(rows.map((row) => row.split(",").at(-1))).toEqual([...first, ...second, "fake@1", "fake@1"]);
  });

  itWithBulk("on one question fails that one alone", async ({ post, inference }) => {
    inference.failing = (questions) =>
      questions.some(({ title }) => title === "tag37") ? { kind: "failed" } : undefined;
    const text = await (await post(fileOf(rowsOf(100)))).text();
    expect(tagsIn(text)).toEqual(rowsOf(100).map((tag) => (tag === "tag37" ? "" : tag)));
    expect(text).toContain("tag37,,,Row 38: The service failed on it.,\r\n");
  });

  itWithBulk("to read questions at all is not asked about each of them", async ({ post, inference }) => {
    inference.failing = () => ({ kind: "no_text" });
    const text = await (await post(fileOf(rowsOf(64)))).text();
    expect(text).toContain("tag63,,,Row 64: The model in use doesn’t read questions.,\r\n");
    expect(inference.asked).toHaveLength(1);
  });

  itWithBulk("in the middle of a slice says how far it came, and when to go on", async ({ postSlice, inference }) => {
    const rows = rowsOf(200);
    const file = Buffer.from(fileOf(rows));
    inference.failing = (questions) =>
      questions[0]?.title === "tag64" ? { kind: "overloaded", retryAfterSeconds: 7 } : undefined;
    const first = await postSlice(file, { isLast: "true" });
    expect(first).toMatchObject({ rows: 64, faults: [], failure: { kind: "overloaded", retryAfterSeconds: 7 } });
    inference.failing = () => undefined;
    const rest = await postSlice(file.subarray(first.consumedBytes), { cursor: first.cursor, isLast: "true" });
    expect(tagsIn(first.text + rest.text)).toEqual(rows);
  });
});
