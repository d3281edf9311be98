import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { parseArgs } from "node:util";
import { createGzip } from "node:zlib";
import { emptyFields, type Fields, readFields } from "@tagsmith/features/question";
import { type Example, readDataset } from "./dataset.ts";
import { chooseLabels, type LabelSet, sharesOf, UNKNOWN, WHOLE } from "./labels.ts";
import { readOpinions } from "./opinions.ts";
import { recipeOf } from "./recipe.ts";

const usage = "npx tsx packages/training/src/texts.ts --data FILE [--opinions FILE] --out texts.jsonl.gz";

/**
 * Writes what a model in another language learns from: the fields' texts as this project reads them, the split, and how
 * likely the question has each label, null where nobody can know. The first line names the labels.
 */
async function main(): Promise<void> {
  const file = { type: "string" } as const;
  const { data, opinions, out } = parseArgs({ options: { data: file, opinions: file, out: file } }).values;
  if (!data || !out) throw new Error(usage);
  const known = await readDataset(data);
  const examples = opinions === undefined ? known : [...known, ...(await readOpinions(opinions, known))];
  const set = chooseLabels(examples, recipeOf(1).minPositives);
  await pipeline(Readable.from(lines(examples, set)), createGzip(), createWriteStream(out));
}

function* lines(examples: readonly Example[], set: LabelSet): Generator<string, void, undefined> {
  yield `${JSON.stringify({ labels: set.labels })}\n`;
  const fields = emptyFields();
  const width = set.labels.length;
  const all = sharesOf(examples, set);
  for (const [row, { question, split, core: isCore, confidences }] of examples.entries()) {
    readFields(question, fields);
    const shares = Array.from(all.subarray(row * width, (row + 1) * width), (share) =>
      share === UNKNOWN ? null : Number((share / WHOLE).toFixed(3)),
    );
    const core = isCore || confidences !== undefined;
    yield `${JSON.stringify({ ...textsOf(fields), split, core, shares })}\n`;
  }
}

const textsOf = ({ title, body, code }: Fields) => ({
  title: title.text(0, title.length).trim(),
  prose: body.text(0, body.length).trim(),
  code: code.text(0, code.length).trim(),
});

await main();
