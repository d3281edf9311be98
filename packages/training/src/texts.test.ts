import { execFile } from "node:child_process";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";

test("a model in another language gets the texts that the features are made of, and what is known of each label", async () => {
  const folder = await mkdtemp(join(tmpdir(), "texts-"));
  const [data, opinions, out] = ["questions.jsonl", "opinions.jsonl", "texts.jsonl.gz"].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  const cut = { title: "Sort a list [closed]", tags: ["python"], tags_complete: false, split: "val" };
  const whole = Array.from({ length: 100 }, () => ({
    title: "A hook",
    body: "<p>My State</p><pre><code>useState()</code></pre>",
    tags: ["reactjs"],
    split: "train",
  }));
  await writeFile(data, [cut, ...whole].map((question) => JSON.stringify(question)).join("\n"));
  await writeFile(opinions, JSON.stringify({ title: "My state", confidences: { reactjs: 0.5 } }));
  const script = fileURLToPath(new URL("./texts.ts", import.meta.url));
  await promisify(execFile)(process.execPath, [
    "--import",
    "tsx",
    script,
    "--data",
    data,
    "--opinions",
    opinions,
    "--out",
    out,
  ]);
  const text = gunzipSync(await readFile(out)).toString("utf8");
  const [labels, first, second] = text.split("\n").map((line): unknown => (line === "" ? undefined : JSON.parse(line)));
  expect(labels).toEqual({ labels: ["python", "reactjs"] });
  expect(first).toEqual({ title: "sort a list", prose: "", code: "", split: "val", core: true, shares: [1, null] });
  expect(second).toMatchObject({ title: "a hook", prose: "my state", code: "usestate()", shares: [0, 1] });
  expect(JSON.parse(text.trim().split("\n").at(-1) ?? "")).toMatchObject({ title: "my state", shares: [0, 0.5] });
});
