import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { endUnread } from "@tagsmith/model-bundle/last-act";
import { releaseFields } from "@tagsmith/model-bundle/manifest";
import { storeOptions } from "@tagsmith/model-bundle/store-options";
import { ModelStore } from "@tagsmith/model-bundle/store";
import { parseUsage, UsageError } from "@tagsmith/model-bundle/usage";
import { SingleBar } from "cli-progress";
import { type Example, readDataset } from "./dataset.ts";
import { failureOf } from "./failure.ts";
import { readDump } from "./dump.ts";
import { trainBundle } from "./pipeline.ts";
import { type FeedbackOptions, filesInFolder, filesInStore, readFeedback } from "./feedback.ts";
import { epochsOf } from "./learn.ts";
import { readOpinions } from "./opinions.ts";
import { largeRecipeOf, recipeOf } from "./recipe.ts";
import { replaceFolder } from "./replace-folder.ts";

const usage = `npm run train -- --data FILE --out DIR [--dump Posts.xml] [--feedback DIR] [--opinions FILE] [--transformer DIR] [--seed N] [--version TEXT]

  --data     questions, one JSON object a line (.jsonl or .jsonl.gz): {"title", "body", "tags", ...}
  --dump     a Stack Exchange data dump's Posts.xml, beside --data or instead of it
  --feedback what people thought of suggested tags: a folder, or s3://BUCKET/feedback/ (AWS's variables say how to reach it)
  --feedback-weight
             how much a question of it counts beside one of the data, 1 unless given
  --opinions what a better model thinks of questions without tags, as npm run teach writes it
  --transformer
             what packages/training/transformer/export.py wrote, to answer together with the linear model
  --out      the folder for the bundle; it is replaced when all is done, and untouched until then
  --seed     a whole number, 1 unless given; the same seed gives the same bytes
  --version  the bundle's version, 1 unless given`;

async function main(): Promise<void> {
  const options = readOptions();
  if (!options) {
    console.log(usage);
    return;
  }
  const examples = await readExamples(options);
  const recipe = options.transformer ? largeRecipeOf(options.seed) : recipeOf(options.seed);
  const bar = new SingleBar({
    format: "{stage} [{bar}] {value}/{total} epochs, {duration_formatted}",
    noTTYOutput: true,
    // Otherwise Ctrl-C, which ends the process at once, would leave the terminal without line wrapping.
    linewrap: true,
  });
  bar.start(epochsOf(examples, recipe), 0, { stage: "labels" });
  try {
    const { manifest } = await replaceFolder(options.out, (folder) =>
      trainBundle(examples, {
        recipe,
        version: options.version,
        folder,
        transformer: options.transformer,
        onProgress: (event) => (event === "epoch" ? bar.increment() : bar.update(event)),
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
  readonly feedback: string | undefined;
  readonly feedbackWeight: number;
  readonly opinions: string | undefined;
  readonly transformer: string | undefined;
  readonly out: string;
  readonly seed: number;
  readonly version: string;
}

const known = {
  data: { type: "string" },
  dump: { type: "string" },
  feedback: { type: "string" },
  "feedback-weight": { type: "string", default: "1" },
  opinions: { type: "string" },
  transformer: { type: "string" },
  out: { type: "string" },
  seed: { type: "string", default: "1" },
  version: { type: "string", default: "1" },
  help: { type: "boolean" },
} as const;

/** Undefined for `--help`. */
function readOptions(): Options | undefined {
  const { values } = parseUsage(() => parseArgs({ options: known }));
  const { data, dump, feedback, "feedback-weight": weight, opinions, transformer, out, seed, version, help } = values;
  if (help) return undefined;
  if (!out || (!data && !dump)) throw new UsageError("--out and one of --data and --dump are needed");
  if (!/^\d+$/.test(seed)) throw new UsageError(`--seed ${seed} is not a whole number`);
  const { success: isVersion, error } = releaseFields.version.safeParse(version);
  if (!isVersion)
    throw new UsageError(`--version ${version}: ${error.issues.map(({ message }) => message).join(", ")}`);
  const feedbackWeight = Number(weight);
  if (!(feedbackWeight > 0 && feedbackWeight <= 100)) {
    throw new UsageError(`--feedback-weight ${weight} is no number above 0 and up to 100`);
  }
  return {
    data,
    dump,
    feedback,
    feedbackWeight,
    opinions,
    transformer,
    out: resolve(out),
    seed: Number(seed),
    version,
  };
}

async function readExamples({ data, dump, feedback, feedbackWeight, opinions }: Options): Promise<Example[]> {
  const examples = data === undefined ? [] : await readDataset(data);
  if (dump !== undefined) for await (const example of readDump(dump)) examples.push(example);
  if (feedback !== undefined) {
    const given = await readAll(feedback, { data: examples, weight: feedbackWeight });
    for (const example of given) examples.push(example); // more than a call takes as arguments
  }
  if (opinions !== undefined) for (const example of await readOpinions(opinions, examples)) examples.push(example);
  return examples;
}

/** Says on stderr how much of the feedback there is to learn from. */
async function readAll(place: string, options: FeedbackOptions): Promise<readonly Example[]> {
  const address = /^s3:\/\/([^/]+)\/?(.*)$/.exec(place);
  const store = address?.[1] === undefined ? undefined : new ModelStore(storeOptions(address[1], process.env));
  try {
    const files = store ? filesInStore(store, address?.[2] ?? "") : filesInFolder(place);
    const { examples, withoutText, heldOut, undecided } = await readFeedback(files, options);
    const lines = `${withoutText} without text, ${heldOut} on questions that judge the model`;
    const skipped = `${lines} and ${undecided} questions with contradictions alone`;
    console.error(`feedback: ${examples.length} questions; left out: ${skipped}`);
    return examples;
  } finally {
    store?.close();
  }
}

endUnread();
main().catch((error: unknown) => {
  console.error(failureOf(error, usage));
  process.exitCode = 1;
});
