import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { parseArgs } from "node:util";
import { createGzip } from "node:zlib";
import { emptyFields, type Fields, readFields } from "@tagsmith/features/question";
import { type Example, readDataset } from "./dataset.ts";
import { chooseLabels, type LabelSet, targetsOf } from "./labels.ts";
import { recipeOf } from "./recipe.ts";

const usage = "npx tsx packages/training/src/texts.ts --data FILE --out texts.jsonl.gz";

/**
 * Writes what a model in another language learns from: the fields' texts as this project reads them, the split, and the
 * targets of `targetsOf` (1, -1, 0). The first line names the labels.
 */
async function main(): Promise<void> {
  const { data, out } = parseArgs({ options: { data: { type: "string" }, out: { type: "string" } } }).values;
  if (!data || !out) throw new Error(usage);
  const examples = await readDataset(data);
  const set = chooseLabels(examples, recipeOf(1).minPositives);
  await pipeline(Readable.from(lines(examples, set)), createGzip(), createWriteStream(out));
}

function* lines(examples: readonly Example[], set: LabelSet): Generator<string, void, undefined> {
  yield `${JSON.stringify({ labels: set.labels })}\n`;
  const fields = emptyFields();
  for (const example of examples) {
    readFields(example.question, fields);
    const targets = [...targetsOf([example], set)];
    yield `${JSON.stringify({ ...textsOf(fields), split: example.split, core: example.core, targets })}\n`;
  }
}

const textsOf = ({ title, body, code }: Fields) => ({
  title: title.text(0, title.length).trim(),
  prose: body.text(0, body.length).trim(),
  code: code.text(0, code.length).trim(),
});

await main();
