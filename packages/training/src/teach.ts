import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { parseArgs } from "node:util";
import { createGzip } from "node:zlib";
import { SingleBar } from "cli-progress";
import { confidencesOf } from "./calibration.ts";
import { readDataset, readLines } from "./dataset.ts";
import { marginsOf } from "./held-margins.ts";
import { chooseLabels } from "./labels.ts";
import { untagged } from "./opinions.ts";
import { largeRecipeOf } from "./recipe.ts";
import { Transformer } from "./transformer.ts";
import { tryOut } from "./trial.ts";

const usage =
  "npx tsx packages/training/src/teach.ts --data FILE --transformer DIR --questions FILE --out opinions.jsonl.gz";

/** Less says nothing, and would make most of the file. */
const LEAST_CONFIDENCE = 0.002;
const CHUNK = 64;

/**
 * Writes what a transformer and the linear model together think of questions without tags. Neither has seen the validation
 * split, so that a model which learns from their opinions can be tuned on it.
 */
async function main(): Promise<void> {
  const file = { type: "string" } as const;
  const options = { data: file, transformer: file, questions: file, out: file };
  const { data, transformer: folder, questions, out } = parseArgs({ options }).values;
  if (!data || !folder || !questions || !out) throw new Error(usage);
  const asked = await readLines(questions, untagged);
  const examples = await readDataset(data);
  const recipe = largeRecipeOf(1);
  const set = chooseLabels(examples, recipe.minPositives);
  const share = recipe.transformerShare;
  await using transformer = await Transformer.open(folder, { labels: set.labels, share });
  const trial = await tryOut(examples, { set, recipe, transformer, onProgress: () => undefined });
  const bar = new SingleBar({ noTTYOutput: true, linewrap: true });
  bar.start(asked.length, 0);
  async function* opinions(): AsyncGenerator<string, void, undefined> {
    for (let begin = 0; begin < asked.length; begin += CHUNK) {
      const chunk = asked.slice(begin, begin + CHUNK).map(({ title, body }) => ({ title, body: body ?? "" }));
      const margins = await marginsOf(chunk, { ...trial, transformer });
      const confidences = confidencesOf(margins, trial.calibration);
      yield chunk.map((question, row) => `${JSON.stringify({ ...question, confidences: opinionOf(row) })}\n`).join("");
      bar.increment(chunk.length);

      function opinionOf(row: number): Record<string, number> {
        const entries = set.labels.map((label, column) => {
          const confidence = confidences[row * set.labels.length + column] ?? 0;
          return [label, Number(confidence.toFixed(3))] as const;
        });
        return Object.fromEntries(entries.filter(([, confidence]) => confidence >= LEAST_CONFIDENCE));
      }
    }
  }
  await pipeline(Readable.from(opinions()), createGzip(), createWriteStream(out));
  bar.stop();
}

await main();
