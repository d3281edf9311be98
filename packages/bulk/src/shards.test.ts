import { readFile } from "node:fs/promises";
import type { ModelStore } from "@tagsmith/model-bundle/store";
import { parse } from "csv-parse/sync";
import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect } from "vitest";
import { itWithJob } from "../test/with-job.ts";
import { readParquet } from "./parquet-file.ts";
import { planOf } from "./planner.ts";
import { StoredFile } from "./stored-file.ts";

const questions = Array.from({ length: 100 }, (_, n) => ({
  id: n,
  title: n % 2 === 0 ? `Sort a list\nin "python", ${n}` : `javascript or ${n} 😀?`,
  body: "<p>é</p>",
}));
const tagOf = (n: number) => (n % 2 === 0 ? "python" : "javascript");
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
const csv = (lineEnd: string) =>
  ["\ufeffid,title,body", ...questions.map(({ id, title, body }) => `${id},${quoted(title)},${quoted(body)}`), ""].join(
    lineEnd,
  );

describe("files in many shards: each row has one result, in order", () => {
  for (const lineEnd of ["\n", "\r\n", "\r"]) {
    itWithJob(`CSV with line ends ${JSON.stringify(lineEnd)}`, async ({ put, run, results }) => {
      await put("q.csv", csv(lineEnd));
      const manifest = await run(500);
      expect(manifest).toMatchObject({ rows: 100, tagged: 100, failed: 0, failures: [] });
      expect(manifest.results.length).toBeGreaterThan(5);
      const rows = [...(await results()).values()].flatMap((text) =>
        parse<{ id: string; title: string; suggested_tags: string; model: string }>(text, { columns: true, bom: true }),
      );
      expect(rows.map(({ id, title }) => ({ id: Number(id), title }))).toEqual(
        questions.map(({ id, title }) => ({ id, title })),
      );
      expect(rows.map(({ suggested_tags }) => suggested_tags)).toEqual(questions.map(({ id }) => tagOf(id)));
      expect(new Set(rows.map(({ model }) => model))).toEqual(new Set(["tiny@1"]));
    });
  }

  itWithJob("CSV that names its delimiter first, as its results do", async ({ put, run, results }) => {
    for (const [name, above] of [
      ["plain", "sep=;\r\n"],
      ["quoted", '\ufeff"sep=;"\n'],
    ]) {
      await put(`${name}.csv`, `${above}title;id\n${questions.map(({ id }) => `python, ${id};${id}\n`).join("")}`);
    }
    expect(await run(500)).toMatchObject({ rows: 200, tagged: 200, failed: 0 });
    for (const [key, text] of await results()) {
      const [first, header, ...lines] = text.split("\r\n").slice(0, -1);
      expect(first, key).toBe(key.includes("quoted") ? "\ufeffsep=;" : "sep=;");
      expect(header).toBe("title;id;suggested_tags;confidences;error;model");
      for (const line of lines) expect(line).toMatch(/^python, (\d+);\1;python;[\d.]+;;tiny@1$/);
    }
  });

  itWithJob("JSON lines", async ({ put, run, results }) => {
    await put("deep/q.jsonl", questions.map((question) => `${JSON.stringify(question)}\n\n`).join(""));
    expect(await run(500)).toMatchObject({ rows: 100, tagged: 100 });
    const rows = [...(await results()).values()].flatMap((text) =>
      text
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as object),
    );
    expect(rows).toMatchObject(questions.map(({ id }) => ({ id, suggested_tags: [tagOf(id)], model: "tiny@1" })));
  });

  itWithJob("Parquet, with all its columns as they were", async ({ put, run, store }) => {
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
      const bytes: Uint8Array[] = [];
      for await (const chunk of (await store.openRange(key, { start: 0, end: 1e9 })).chunks) bytes.push(chunk);
      const file = new Uint8Array(Buffer.concat(bytes)).buffer;
      rows.push(...(await parquetReadObjects({ file })));
    }
    expect(rows).toEqual(
      questions.map(({ id, title, body }, n) => ({
        ...{ id: BigInt(id), title, body: n % 3 === 0 ? null : body, at: at[n], suggested_tags: tagOf(id) },
        ...{ confidences: expect.any(String) as string, error: "", model: "tiny@1" },
      })),
    );
  });

  itWithJob("Parquet, in parts of a row group that a task can hold", async ({ put, job }) => {
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

  itWithJob("Parquet, each value of each type as it is stored", async ({ put, run, store }) => {
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

  itWithJob("whose fields are in capitals, in every format", async ({ put, run }) => {
    await put("q.csv", "Id,Title,Body\n1,python,b\n");
    await put("q.jsonl", '{"Id":1,"Title":"python","BODY":"b"}\n{"Title":7,"title":"python"}\n');
    const column = { name: "Title", data: ["python"], type: "STRING" as const };
    await put("q.parquet", new Uint8Array(parquetWriteBuffer({ columnData: [column] })));
    expect(await run()).toMatchObject({ rows: 4, tagged: 4 });
  });

  itWithJob("which have columns of our names, also in capitals: ours are called otherwise", async (given) => {
    const { put, run, results, store } = given;
    await put("q.csv", "title,Model,model_2\npython,mine,too\n");
    await put("q.jsonl", '{"title":"python","Model":"mine","model_2":"too"}\n');
    const columnData = ["title", "Model", "model_2"].map((name) => ({
      name,
      data: ["python"],
      type: "STRING" as const,
    }));
    await put("q.parquet", new Uint8Array(parquetWriteBuffer({ columnData })));
    const manifest = await run();
    const texts = await results();
    expect(texts.get("out/results/q.csv/00000.csv")).toMatch(
      /^title,Model,model_2,suggested_tags,confidences,error,model_3\r\n/,
    );
    const row = JSON.parse(texts.get("out/results/q.jsonl/00000.jsonl") ?? "") as object;
    expect(row).toMatchObject({ Model: "mine", model_2: "too", model_3: "tiny@1" });
    const [stored = {}] = await storedValues(await bytesOf(store, manifest.results[2]?.key ?? ""));
    expect(Object.keys(stored)).toEqual([...Object.keys(row).slice(0, 3), ...firstAdded, "model_3"]);
  });

  itWithJob("whose struct has fields of our names: ours keep theirs", async ({ put, run, store }) => {
    await put("q.parquet", await readFile(new URL("../test/nested-names.parquet", import.meta.url)));
    const { results } = await run();
    const [row = {}] = await storedValues(await bytesOf(store, results[0]?.key ?? ""));
    expect(Object.keys(row)).toEqual(["title", "about", ...firstAdded, "model"]);
  });

  itWithJob("Parquet packed by LZ4, where a column has nothing in it", async ({ put, run, store }) => {
    await put("q.parquet", await readFile(new URL("../test/lz4-of-nulls.parquet", import.meta.url)));
    const { results, ...counts } = await run();
    expect(counts).toMatchObject({ rows: 2, tagged: 2 });
    const rows = await storedValues(await bytesOf(store, results[0]?.key ?? ""));
    expect(rows).toMatchObject([{ note: null }, { note: null }]);
  });

  itWithJob("Parquet of Spark's: INT96 as microseconds", async ({ put, run, store }) => {
    await put("q.parquet", await readFile(new URL("../test/int96.parquet", import.meta.url)));
    const { results } = await run();
    const result = await bytesOf(store, results[0]?.key ?? "");
    const { schema } = parquetMetadata(toArrayBuffer(result));
    expect(schema[2]).toMatchObject({ name: "at", type: "INT64", converted_type: "TIMESTAMP_MICROS" });
    expect((await storedValues(result)).map(({ at }) => at)).toEqual([1_577_934_245_123_456n, 0n, null]);
  });
});

const text = expect.any(Uint8Array) as unknown;
const firstAdded = ["suggested_tags", "confidences", "error"];

async function bytesOf(store: ModelStore, key: string): Promise<Buffer> {
  const bytes: Uint8Array[] = [];
  for await (const chunk of (await store.openRange(key, { start: 0, end: 1e9 })).chunks) bytes.push(chunk);
  return Buffer.concat(bytes);
}

/** Whatever they mean, but for how they are nested. */
async function storedValues(bytes: Buffer): Promise<Record<string, unknown>[]> {
  const file = toArrayBuffer(bytes);
  const metadata = parquetMetadata(file);
  const schema = metadata.schema.map((element) => {
    const stored = { ...element };
    delete stored.logical_type;
    if (!element.num_children) delete stored.converted_type;
    return stored;
  });
  return parquetReadObjects({ file, metadata: { ...metadata, schema }, utf8: false });
}

const toArrayBuffer = (bytes: Buffer) => new Uint8Array(bytes).buffer;
