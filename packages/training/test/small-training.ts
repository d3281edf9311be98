import { execFile } from "node:child_process";
import { copyFile, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Bundle } from "@tagsmith/model-bundle/bundle";
import { createPredictor } from "@tagsmith/model-bundle/predictor";
import { encodeModel, FLOAT, floats, INT64, integers, node, tensor } from "@tagsmith/model-bundle/test/onnx-model";

export const run = promisify(execFile);

/** What Node is called with to run one of the package's commands. */
export const commandOf = (file: string): readonly string[] => [
  "--import",
  "tsx",
  fileURLToPath(new URL(`../src/${file}`, import.meta.url)),
];

export const train = (...args: readonly string[]): Promise<{ readonly stdout: string; readonly stderr: string }> =>
  run(process.execPath, [...commandOf("cli.ts"), ...args]);

export const subjects: Readonly<Record<string, string>> = {
  python: "pandas",
  java: "spring",
  css: "flexbox",
  reactjs: "hooks",
};
export const verbs = ["sort", "merge", "parse", "render", "test", "cache", "split", "debug", "style", "count"];

/**
 * Synthetic questions of four subjects. One source keeps the tags of its own list, python, java and css: its many questions
 * on React never say so. The other keeps all tags.
 */
export function questions(perSubject = 500): string {
  const lines = Object.entries(subjects).flatMap(([tag, word]) =>
    Array.from({ length: perSubject }, (_, index) => {
      const cut = index >= 160;
      const title = `How to ${verbs[index % 10]} number ${index} with ${word} in ${tag}`;
      const tags = cut && tag === "reactjs" ? ["css"] : [tag];
      const body = index % 4 === 0 ? `<p>My ${word}</p><pre><code>${tag}.${verbs[index % 10]}()</code></pre>` : null;
      return JSON.stringify({
        title,
        body,
        tags,
        tags_complete: !cut,
        source: cut ? "cut" : "whole",
        date: "2024-05-06",
      });
    }),
  );
  return lines.join("\n");
}

/** No file may grow beyond some kilobytes, which fails as on a full disk. */
export const runLimited = (...args: readonly string[]): ReturnType<typeof train> =>
  run("sh", ["-c", `trap '' XFSZ; ulimit -f 4; exec "$@"`, "sh", process.execPath, ...args]);

/** As packages/training/transformer/export.py writes one. All that it has learnt is that vectors are python's. */
export async function transformer(labels: readonly string[]): Promise<string> {
  const written = await mkdtemp(join(tmpdir(), "transformer-"));
  const tokenizer = new URL("../../../examples/huggingface-classifier/tokenizer.json", import.meta.url);
  await copyFile(tokenizer, join(written, "tokenizer.json"));
  const { model } = JSON.parse(await readFile(tokenizer, "utf8")) as { model: { vocab: Record<string, number> } };
  const size = Object.keys(model.vocab).length;
  const table = new Float32Array(size * labels.length);
  table[(model.vocab["vector"] ?? 0) * labels.length + labels.indexOf("python")] = 9;
  const graph = {
    name: "transformer",
    input: [tensor("input_ids", INT64, ["B", "T"])],
    output: [tensor("logits", FLOAT, ["B", labels.length])],
    initializer: [floats("table", [size, labels.length], table), integers("axis", [1])],
    node: [
      node("Gather", ["table", "input_ids"], "found"),
      { ...node("ReduceSum", ["found", "axis"], "logits"), attribute: [{ name: "keepdims", type: 2, i: 0 }] },
    ],
  };
  await writeFile(
    join(written, "model.onnx"),
    encodeModel(graph, 17, [{ key: "labels", value: JSON.stringify(labels) }]),
  );
  return written;
}

export async function probabilities(title: string, asked: Bundle): Promise<Record<string, number>> {
  const predictor = await createPredictor(asked);
  const [row] = await predictor.predict([{ title, body: "" }]);
  await predictor.close();
  return Object.fromEntries(asked.manifest.labels.map((label, column) => [label, row?.[column] ?? 0]));
}
