import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { SingleBar } from "cli-progress";
import { DatasetError, type Example, readDataset } from "./dataset.ts";
import { readDump } from "./dump.ts";
import { trainBundle } from "./pipeline.ts";
import { recipeOf } from "./recipe.ts";
import { replaceFolder } from "./replace-folder.ts";

const usage = `npm run train -- --data FILE --out DIR [--dump Posts.xml] [--seed N] [--version TEXT]

  --data     questions, one JSON object a line (.jsonl or .jsonl.gz): {"title", "body", "tags", ...}
  --dump     a Stack Exchange data dump's Posts.xml, beside --data or instead of it
  --out      the folder for the bundle; it is replaced when all is done, and untouched until then
  --seed     a whole number, 1 unless given; the same seed gives the same bytes
  --version  the bundle's version, 1 unless given`;

async function main(): Promise<void> {
  const options = readOptions();
  const examples = await readExamples(options);
  const recipe = recipeOf(options.seed);
  const bar = new SingleBar({
    format: "{stage} [{bar}] {value}/{total} epochs, {duration_formatted}",
    noTTYOutput: true,
    // Otherwise Ctrl-C, which ends the process at once, would leave the terminal without line wrapping.
    linewrap: true,
  });
  bar.start(6 * recipe.linear.epochs, 0, { stage: "labels" });
  try {
    const { manifest } = await replaceFolder(options.out, (folder) =>
      trainBundle(examples, {
        recipe,
        version: options.version,
        folder,
        onProgress: (event) => ("stage" in event ? bar.update({ stage: event.stage }) : bar.update(event.epochs)),
      }),
    );
    bar.stop();
    console.log(JSON.stringify(manifest.metrics, null, 2));
  } finally {
    bar.stop();
  }
}

interface Options {
  readonly data: string | undefined;
  readonly dump: string | undefined;
  readonly out: string;
  readonly seed: number;
  readonly version: string;
}

function readOptions(): Options {
  const { data, dump, out, seed, version } = parseArgs({
    options: {
      data: { type: "string" },
      dump: { type: "string" },
      out: { type: "string" },
      seed: { type: "string", default: "1" },
      version: { type: "string", default: "1" },
    },
  }).values;
  if (!out || (!data && !dump)) throw new UsageError("--out and one of --data and --dump are needed");
  if (!/^\d+$/.test(seed)) throw new UsageError(`--seed ${seed} is not a whole number`);
  return { data, dump, out: resolve(out), seed: Number(seed), version };
}

class UsageError extends Error {}

async function readExamples({ data, dump }: Options): Promise<Example[]> {
  const examples = data === undefined ? [] : await readDataset(data);
  if (dump !== undefined) for await (const example of readDump(dump)) examples.push(example);
  return examples;
}

main().catch((error: unknown) => {
  if (error instanceof UsageError) console.error(`${error.message}\n\n${usage}`);
  else if (error instanceof DatasetError) console.error(error.message);
  else console.error(error);
  process.exitCode = 1;
});
