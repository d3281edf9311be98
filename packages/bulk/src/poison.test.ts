import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { ServiceError } from "@tagsmith/inference/errors";
import { BundleError } from "@tagsmith/model-bundle/errors";
import { publish } from "@tagsmith/model-bundle/publish";
import { promote } from "@tagsmith/model-bundle/release";
import { tinyBundle } from "@tagsmith/model-bundle/test/tiny-bundle";
import { ByteWriter, ParquetWriter, parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect } from "vitest";
import { itWithJob } from "../test/with-job.ts";
import { BulkFailure } from "./failure.ts";
import { finish } from "./finish.ts";
import { planOf } from "./planner.ts";
import { tagShard } from "./shard.ts";

const stored = (name: string) => readFileSync(new URL(`../test/${name}`, import.meta.url));
const parquetOf = (...names: string[]) =>
  new Uint8Array(parquetWriteBuffer({ columnData: names.map((name) => ({ name, data: ["python"], type: "STRING" })) }));
const good = '{"title":"python"}\n';

describe("rows without tags", () => {
  itWithJob("are named with field and reason, and fail no other row", async ({ put, run, store }) => {
    const long = "a".repeat(1_001);
    await put("q.csv", `title,body\npython,\n,b\n${long},\nonly one\npython,\n`);
    await put("q.jsonl", `${good}{"title":7}\nno json\n${good}{"body":"b"}\n`);
    const manifest = await run(30);
    expect(manifest).toMatchObject({ rows: 10, tagged: 4, failed: 6 });
    const failures: unknown[] = [];
    for (const key of manifest.failures) {
      const { text } = await store.readText(key);
      failures.push(
        ...text
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line) as unknown),
      );
    }
    expect(failures).toEqual([
      { file: "in/q.csv", row: 2, field: "title", reason: "Give your question a title." },
      { file: "in/q.csv", row: 3, field: "title", reason: "This is 1,001 characters long; at most 1,000 can be read." },
      { file: "in/q.csv", row: 4, reason: "This row has 1 field where the header names 2." },
      { file: "in/q.jsonl", row: 2, field: "title", reason: "This is not text." },
      { file: "in/q.jsonl", row: 3, reason: "This line is not a JSON object." },
      { file: "in/q.jsonl", row: 5, field: "title", reason: "There is none." },
    ]);
  });

  itWithJob("are those of Parquet whose text is no UTF-8", async ({ put, run, store }) => {
    const titles = ["python", Buffer.from("caf\xe9", "latin1"), Buffer.from("café")];
    const bodies = [null, "b", Buffer.of(0xff)];
    const columnData = [
      { name: "title", data: titles, type: "BYTE_ARRAY" as const },
      { name: "body", data: bodies, type: "BYTE_ARRAY" as const },
    ];
    await put("q.parquet", new Uint8Array(parquetWriteBuffer({ columnData })));
    const manifest = await run();
    expect(manifest).toMatchObject({ rows: 3, tagged: 1, failed: 2 });
    const { text } = await store.readText(manifest.failures[0] ?? "");
    expect(text).toContain('"row":2,"field":"title","reason":"This is not text."');
    expect(text).toContain('"row":3,"field":"body","reason":"This is not text."');
  });

  for (const failure of [
    new BundleError("invalid_output", "poisoned"),
    new BundleError("invalid_model", "poisoned"),
    new ServiceError("worker_crashed", "poisoned"), // a thread of a heavy model's
  ]) {
    itWithJob(`include the one on which the model fails with ${failure.code}`, async ({ put, job, model, folder }) => {
      await put("q.jsonl", `${good.repeat(300)}{"title":"poison"}\n${good.repeat(300)}`);
      const plan = await planOf(job);
      const fragile = {
        ...model,
        predict: (questions: readonly { title: string; body: string }[]) =>
          questions.some(({ title }) => title === "poison") ? Promise.reject(failure) : model.predict(questions),
      };
      expect(await tagShard({ job, plan, model: fragile, folder }, 0)).toMatchObject({ tagged: 600, failed: 1 });
      expect(await finish(job, plan)).toMatchObject({ failed: 1, failures: ["out/failures/q.jsonl/00000.jsonl"] });
    });
  }

  itWithJob("end the file where none can be read any more", async ({ put, run }) => {
    const endless = "x".repeat(9 * 2 ** 20);
    await put("open.csv", `title\npython\n"python\n${endless}`);
    await put("long.jsonl", `${good}${endless}\n${good}`);
    await put("open-at-the-end.csv", 'title\npython\n"python\n');
    const { results, ...counts } = await run(1e6);
    expect(counts).toMatchObject({ rows: 6, tagged: 3, failed: 3 });
    expect(results.map(({ key, rows }) => [key, rows])).toEqual([
      ["out/results/long.jsonl/00000.jsonl", 1],
      ["out/results/long.jsonl/00001.jsonl", 1],
      ["out/results/open-at-the-end.csv/00000.csv", 2],
      ["out/results/open.csv/00000.csv", 1],
      ["out/results/open.csv/00001.csv", 1],
    ]);
  });
});

itWithJob("Parquet that is damaged within is named with its part", async ({ put, run }) => {
  const file = new Uint8Array(
    parquetWriteBuffer({ columnData: [{ name: "title", data: ["python"], type: "STRING" }] }),
  );
  await put("q.parquet", file.fill(0xff, 4, 20));
  const refused = run();
  await expect(refused).rejects.toBeInstanceOf(BulkFailure);
  await expect(refused).rejects.toThrow(/^s3:\/\/bulk\/in\/q\.parquet, part 0: It can't be read: .+\.$/);
});

describe("what can't be tagged at all is refused by its name, before anything is", () => {
  for (const [name, content, reason] of [
    ["q.csv", "name\nx\n", "s3://bulk/in/q.csv: The first line must name the columns: one “title”"],
    ["q.parquet", "PAR0", "s3://bulk/in/q.parquet: It is no Parquet file"],
    ["Q.PARQUET", "PAR0", "s3://bulk/in/Q.PARQUET: It is no Parquet file"],
    ["q.parquet", stored("nested-title.parquet"), "It has no column “title”. Its names are: question."],
    [
      "q.parquet",
      stored("map-of-numbers.parquet"),
      "Its map “by” has keys that are no text, and can't be written again.",
    ],
    ["q.parquet", parquetOf("title", "x", "x"), "Its name “x” is not one column's alone: values would be lost."],
    ["q.parquet", parquetOf("title", "__proto__"), "Its name “__proto__” is not one column's alone"],
    ["utf-16.csv", Buffer.from("\ufefftitle\npython\n", "utf16le"), "s3://bulk/in/utf-16.csv: This is not UTF-8 text."],
    ["latin-1.csv", Buffer.from("né,title\n1,python\n", "latin1"), "s3://bulk/in/latin-1.csv: This is not UTF-8 text."],
    ["q.csv.gz", gzipSync("title\npython\n"), "s3://bulk/in/q.csv.gz: This file is packed. Unpack it"],
    [
      "q.xlsx",
      "PK\u0003\u0004\u0014title",
      "s3://bulk/in/q.xlsx: This file is packed. Unpack it; a spreadsheet has to be",
    ],
    [
      "q.pq",
      stored("every-type.parquet"),
      "s3://bulk/in/q.pq: This is a Parquet file. Only `npm run bulk` reads it, by a",
    ],
    [
      "q.json",
      '\ufeff[\n {"title":"python"}\n]',
      "s3://bulk/in/q.json: This is a JSON array. Give each of its objects a",
    ],
    ["_hidden.csv", "title\n", "s3://bulk/in has no files. What is empty is none, nor what begins with _ or a dot."],
    ["empty.csv", "", "s3://bulk/in has no files. What is empty is none"],
    ["wide.csv", `title${",".repeat(10_000)}\n`, "The first line names 10,001 columns; at most 10,000 can be read."],
  ] as const) {
    itWithJob(name, async ({ put, job }) => {
      await put(name, content);
      await expect(planOf(job)).rejects.toThrow(reason);
    });
  }

  itWithJob("many files at once, so that nobody has to mend one after another", async ({ put, job }) => {
    await put("good.jsonl", good);
    await Promise.all(Array.from({ length: 22 }, (_, n) => put(`${n + 10}.csv`, "name\nx\n")));
    const said = await planOf(job).catch((error: unknown) => (error instanceof BulkFailure ? error.message : error));
    expect(String(said).match(/(?<=in\/)\d+\.csv(?=: The first line must name)/g)).toEqual(
      Array.from({ length: 20 }, (_, n) => `${n + 10}.csv`),
    );
    expect(said).toMatch(/\nand 2 more$/);
  });

  for (const [plan, text] of [
    ["an earlier version planned a job, with other columns", '{"schema_version":1}'],
    ["something else has the plan's name", "plan: none"],
  ] as const) {
    itWithJob(`an output where ${plan}`, async ({ job, store }) => {
      await store.write("out/_bulk/plan.json", text);
      await expect(planOf(job)).rejects.toThrow(
        "out/_bulk/plan.json is no plan of this version. Choose another output.",
      );
    });
  }

  itWithJob("a model that reads no text", async ({ put, job, store }) => {
    await put("q.jsonl", good);
    const { folder, manifest } = await tinyBundle({ version: "2", labels: ["short", "long"] });
    const input = { kind: "floats" as const, name: "x", columns: ["length"] };
    const golden = { tolerance: 1e-4, examples: [{ floats: [1], probabilities: [0, 1] }] };
    await promote(store, await publish(store, { folder, manifest: { ...manifest, input, golden } }));
    await expect(planOf(job)).rejects.toThrow("tiny@2 reads rows of numbers, and no questions.");
  });

  itWithJob("more than a task could read the plan of", async ({ put, job }) => {
    const header = Array.from({ length: 9_000 }, (_, n) => String(n).padStart(100, "x")).join(",");
    await Promise.all(Array.from({ length: 38 }, (_, n) => put(`${n}.csv`, `title,${header}\npython\n`)));
    await expect(planOf(job)).rejects.toThrow(
      "s3://bulk/in is too much for one job: 38 files in 38 shards. Give it as several, a folder each.",
    );
  });

  itWithJob("a row group that no task could hold", async ({ put, job }) => {
    const writer = new ByteWriter();
    const root = { name: "root", num_children: 1 };
    const title = { name: "title", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "REQUIRED" } as const;
    const file = new ParquetWriter({ writer, schema: [root, title] });
    await file.write({ columnData: [{ name: "title", data: ["python"] }] });
    for (const group of file.row_groups) group.total_byte_size = 2n ** 29n + 1n;
    await file.finish();
    await put("q.parquet", writer.getBytes());
    await expect(planOf(job)).rejects.toThrow("It has a row group of 513 MiB; at most 512 can be read.");
  });

  itWithJob("an output within its input", async ({ job }) => {
    const output = { bucket: "bulk", path: "in/out" };
    await expect(planOf({ ...job, output })).rejects.toThrow("The output lies within the input");
  });
});
