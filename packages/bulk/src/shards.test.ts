import { parse } from "csv-parse/sync";
import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect } from "vitest";
import { addedFirst, bytesOf, storedValues } from "../test/parquet.ts";
import { questions, tagOf } from "../test/questions.ts";
import { itWithJob } from "../test/with-job.ts";

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
    expect(Object.keys(stored)).toEqual([...Object.keys(row).slice(0, 3), ...addedFirst, "model_3"]);
  });
});
