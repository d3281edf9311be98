import { appendFile, rename, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { parseArgs } from "node:util";
import { createGzip } from "node:zlib";
import { Vocabulary } from "@tagsmith/features/vocabulary";
import { onDisk } from "@tagsmith/model-bundle/disk";
import { endUnread, passing } from "@tagsmith/model-bundle/last-act";
import { parseUsage, UsageError } from "@tagsmith/model-bundle/usage";
import { SingleBar } from "cli-progress";
import { confidencesOf } from "../calibration.ts";
import { readDataset, readLines } from "../dataset.ts";
import { failureOf } from "../failure.ts";
import { marginsOf } from "../held-margins.ts";
import { chooseLabels, type LabelSet } from "../labels.ts";
import { levelled } from "../levels.ts";
import { untagged } from "../opinions.ts";
import { largeRecipeOf } from "../recipe.ts";
import { Transformer } from "../transformer.ts";
import { chooseFeatures, requireSplits, tryOut } from "../trial.ts";

const usage = "npm run teach -- --data FILE --transformer DIR --questions FILE --out opinions.jsonl.gz";

/** Less says nothing, and would make most of the file. */
const LEAST_CONFIDENCE = 0.002;
const CHUNK = 64;

/**
 * Writes what a transformer and the linear model together think of questions without tags. Neither has seen the validation
 * split, so that a model which learns from their opinions can be tuned on it.
 */
async function main(): Promise<void> {
  const file = { type: "string" } as const;
  const options = { data: file, transformer: file, questions: file, out: file, help: { type: "boolean" } } as const;
  const { data, transformer: folder, questions, out, help } = parseUsage(() => parseArgs({ options })).values;
  if (help) {
    console.log(usage);
    return;
  }
  if (!data || !folder || !questions || !out) throw new UsageError("All four options are needed.");
  const asked = (await readLines(questions, untagged)).map(({ title, body }) => ({ title, body: body ?? "" }));
  const examples = await readDataset(data);
  requireSplits(examples, ["val"]);
  const recipe = largeRecipeOf(1);
  const set = chooseLabels(examples, recipe.minPositives);
  const share = recipe.transformerShare;
  await using transformer = await Transformer.open(folder, { labels: set.labels, share });
  await using fresh = passing(join(dirname(resolve(out)), `.${basename(out)}.${process.pid}`));
  await onDisk(fresh.path, () => writeFile(fresh.path, "")); // before the long work
  const parts = { set, recipe, onProgress: () => undefined };
  const vocabulary = Vocabulary.read(Vocabulary.write(await chooseFeatures(examples, parts)));
  const trial = await tryOut(examples, { ...parts, vocabulary, transformer });
  const bar = new SingleBar({ noTTYOutput: true, linewrap: true });
  async function* opinions(): AsyncGenerator<string, void, undefined> {
    for (let begin = 0; begin < asked.length; begin += CHUNK) {
      const chunk = asked.slice(begin, begin + CHUNK);
      const margins = levelled(await marginsOf(chunk, { ...trial, vocabulary, transformer }), trial.levels);
      const lines = chunk.map((question, row) => {
        const ofRow = margins.subarray(row * set.labels.length, (row + 1) * set.labels.length);
        return JSON.stringify({ ...question, confidences: opinionOf(confidencesOf(ofRow, trial.calibration), set) });
      });
      yield `${lines.join("\n")}\n`;
      bar.increment(chunk.length);
    }
  }
  bar.start(asked.length, 0);
  try {
    await pipeline(opinions, createGzip(), async (packed: AsyncIterable<Uint8Array>) => {
      for await (const part of packed) await onDisk(fresh.path, () => appendFile(fresh.path, part));
    });
  } finally {
    bar.stop();
  }
  await onDisk(out, () => rename(fresh.path, out));
}

function opinionOf(confidences: Float32Array, { labels }: LabelSet): Readonly<Record<string, number>> {
  const rounded = labels.map((label, column) => [label, Number((confidences[column] ?? 0).toFixed(3))] as const);
  return Object.fromEntries(rounded.filter(([, confidence]) => confidence >= LEAST_CONFIDENCE));
}

endUnread();
main().catch((error: unknown) => {
  console.error(failureOf(error, usage));
  process.exitCode = 1;
});
