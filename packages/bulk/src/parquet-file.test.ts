import { readFile } from "node:fs/promises";
import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { parquetWriteBuffer } from "hyparquet-writer";
import { expect } from "vitest";
import { addedFirst, bytesOf, storedValues, toArrayBuffer } from "../test/parquet.ts";
import { questions, tagOf } from "../test/questions.ts";
import { itWithJob } from "../test/with-job.ts";
import { readParquet } from "./parquet-file.ts";
import { planOf } from "./planner.ts";
import { StoredFile } from "./stored-file.ts";

const text = expect.any(Uint8Array) as unknown;

itWithJob("each row has one result, in order, with all its columns as they were", async ({ put, run, store }) => {
  const at = questions.map(({ id }) => new Date(1_700_000_000_000 + id));
  const columns = [
    { name: "id", data: questions.map(({ id }) => BigInt(id)), type: "INT64" },
    { name: "title", data: questions.map(({ title }) => title), type: "STRING" },
    {
      name: "body",
      data: questions.map(({ body }, n) => (n % 3 === 0 ? null : body)),
      type: "STRING",
      nullable: true,
    },
    { name: "at", data: at, type: "TIMESTAMP" },
  ] as const;
  await put(
    "q.parquet",
    new Uint8Array(
      parquetWriteBuffer({
        columnData: columns.map((column) => ({ ...column, data: [...column.data] })),
        rowGroupSize: 40,
      }),
    ),
  );
  const manifest = await run();
  expect(manifest).toMatchObject({
    rows: 100,
    tagged: 100,
    results: [{ first_row: 1, rows: 40 }, { first_row: 41 }, { first_row: 81, rows: 20 }],
  });
  const rows: object[] = [];
  for (const { key } of manifest.results) {
    rows.push(...(await parquetReadObjects({ file: toArrayBuffer(await bytesOf(store, key)) })));
  }
  expect(rows).toEqual(
    questions.map(({ id, title, body }, n) => ({
      ...{ id: BigInt(id), title, body: n % 3 === 0 ? null : body, at: at[n], suggested_tags: tagOf(id) },
      ...{ confidences: expect.any(String) as string, error: "", model: "tiny@1" },
    })),
  );
});

itWithJob("a large row group is read in parts that a task can hold", async ({ put, job }) => {
  const numbers = Array.from({ length: 150_000 }, (_, n) => n);
  const columnData = [
    { name: "title", data: numbers.map((n) => `python ${n}`), type: "STRING" },
    { name: "body", data: numbers.map((n) => (n % 3 === 0 ? null : "the same")), type: "STRING", nullable: true },
    { name: "tags", data: numbers.map((n) => (n % 2 === 0 ? [`${n}`, "b"] : [])), type: "JSON" },
  ] as const;
  const group = parquetWriteBuffer({
    columnData: columnData.map((column) => ({ ...column, data: [...column.data] })),
    rowGroupSize: 150_000,
  });
  await put("q.parquet", new Uint8Array(group));
  const { files, shards } = await planOf(job);
  expect(shards.map(({ rowsBefore, rows }) => [rowsBefore, rows])).toEqual([
    [0, 100_000],
    [100_000, 50_000],
  ]);
  const stored = new StoredFile(job.stores.input, files[0] ?? { key: "", bytes: 0, etag: "" });
  for (const shard of shards) {
    const { rows } = await readParquet(stored, shard);
    expect(rows).toHaveLength(shard.rows);
    for (const { number, content, record } of rows) {
      const n = number - 1;
      if (n !== shard.rowsBefore && n % 9_999 !== 0 && n !== shard.rowsBefore + shard.rows - 1) continue;
      expect(content).toEqual({ question: { title: `python ${n}`, body: n % 3 === 0 ? "" : "the same" } });
      expect(Buffer.from(record["tags"] as Uint8Array).toString()).toBe(n % 2 === 0 ? `["${n}","b"]` : "[]");
    }
  }
});

itWithJob("each value of each type comes back as it is stored", async ({ put, run, store }) => {
  const given = await readFile(new URL("../test/every-type.parquet", import.meta.url));
  await put("q.parquet", given);
  const { results } = await run();
  const result = await bytesOf(store, results[0]?.key ?? "");
  const added = { suggested_tags: text, confidences: text, error: text, model: text };
  expect(await storedValues(result)).toEqual((await storedValues(given)).map((row) => ({ ...row, ...added })));
  const typesOf = (file: Buffer) => parquetMetadata(toArrayBuffer(file)).schema.slice(1);
  const types = typesOf(result).filter(({ name }) => !Object.keys(added).includes(name));
  // Arrow refuses the newer spelling of these, as it is written here.
  expect(types).toEqual(
    typesOf(given).map(({ logical_type, ...type }) =>
      logical_type === undefined || logical_type.type === "INTEGER" ? type : { ...type, logical_type },
    ),
  );
});

itWithJob("a struct whose fields have our names leaves ours theirs", async ({ put, run, store }) => {
  await put("q.parquet", await readFile(new URL("../test/nested-names.parquet", import.meta.url)));
  const { results } = await run();
  const [row = {}] = await storedValues(await bytesOf(store, results[0]?.key ?? ""));
  expect(Object.keys(row)).toEqual(["title", "about", ...addedFirst, "model"]);
});

itWithJob("a column of nulls compressed by LZ4 is read", async ({ put, run, store }) => {
  await put("q.parquet", await readFile(new URL("../test/lz4-of-nulls.parquet", import.meta.url)));
  const { results, ...counts } = await run();
  expect(counts).toMatchObject({ rows: 2, tagged: 2 });
  const rows = await storedValues(await bytesOf(store, results[0]?.key ?? ""));
  expect(rows).toMatchObject([{ note: null }, { note: null }]);
});

itWithJob("Spark's INT96 comes back as microseconds", async ({ put, run, store }) => {
  await put("q.parquet", await readFile(new URL("../test/int96.parquet", import.meta.url)));
  const { results } = await run();
  const result = await bytesOf(store, results[0]?.key ?? "");
  const { schema } = parquetMetadata(toArrayBuffer(result));
  expect(schema[2]).toMatchObject({ name: "at", type: "INT64", converted_type: "TIMESTAMP_MICROS" });
  expect((await storedValues(result)).map(({ at }) => at)).toEqual([1_577_934_245_123_456n, 0n, null]);
});
