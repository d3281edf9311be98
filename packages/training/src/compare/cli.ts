import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Bundle, readBundle } from "@tagsmith/model-bundle/bundle";
import { downloadBundle } from "@tagsmith/model-bundle/download";
import { type Evaluation, readEvaluation, writeEvaluation } from "@tagsmith/model-bundle/evaluation";
import { endUnread, passing } from "@tagsmith/model-bundle/last-act";
import { parseVersionId, versionId } from "@tagsmith/model-bundle/layout";
import { createPredictor } from "@tagsmith/model-bundle/predictor";
import { current, find, type Release } from "@tagsmith/model-bundle/release";
import { storeOptions } from "@tagsmith/model-bundle/store-options";
import { ModelStore } from "@tagsmith/model-bundle/store";
import { parseUsage, UsageError } from "@tagsmith/model-bundle/usage";
import { type Example, readDataset } from "../dataset.ts";
import { failureOf } from "../failure.ts";
import { distinct, viewOf } from "../evaluate.ts";
import type { LabelSet } from "../labels.ts";
import { compare } from "./compare.ts";
import { describe } from "./describe.ts";
import { questionsOf } from "../outcomes.ts";
import { decide, type Decided, sharedLabels } from "./shared-labels.ts";

const usage = `npm run evaluate -- --data FILE --bundle A --against B [--split test] [--titles] [--bucket NAME]

  --data     questions with their tags, as for npm run train
  --bundle   the candidate: a bundle's folder, or NAME@VERSION of the bucket
  --against  what it must not be worse than: the same, or "current" for the model in use
  --split    which questions: test unless given, or val, which a shipped model has been fitted to
  --titles   ask by titles alone, also where there is a body
  --bucket   MODEL_BUCKET unless given; another server than AWS is AWS_ENDPOINT_URL

Where both are of the bucket, what was found is kept there, and \`npm run model -- promote\` refuses a worse one.`;

interface Side {
  readonly bundle: Bundle;
  /** Where it is a published one. */
  readonly release: Release | undefined;
}

async function main(): Promise<void> {
  const options = readOptions();
  if (!options) {
    console.log(usage);
    return;
  }
  const { data, bundle, against, split, titles, bucket } = options;
  const store = bucket === undefined ? undefined : new ModelStore(storeOptions(bucket, process.env));
  await using folder = passing(await mkdtemp(join(tmpdir(), "evaluate-")));
  try {
    const candidate = await open(bundle, { store, folder: join(folder.path, "candidate") });
    const baseline = await open(against, { store, folder: join(folder.path, "baseline") });
    const all = await readDataset(data);
    const chosen = all.filter((example) => example.split === split);
    const examples = distinct(titles ? viewOf(chosen, "titles") : chosen);
    await report({ candidate, baseline, all, examples, store });
  } finally {
    store?.close();
  }
}

interface Reported {
  readonly candidate: Side;
  readonly baseline: Side;
  readonly all: readonly Example[];
  readonly examples: readonly Example[];
  readonly store: ModelStore | undefined;
}

async function report({ candidate, baseline, all, examples, store }: Reported): Promise<void> {
  for (const { manifest } of [candidate.bundle, baseline.bundle]) {
    if (manifest.input.kind !== "floats") continue;
    throw new UsageError(`${versionId(manifest)} reads rows of numbers: it can't be asked questions.`);
  }
  const set = sharedLabels([candidate.bundle.manifest, baseline.bundle.manifest], all);
  if (set.labels.length === 0) throw new UsageError("The two models have no label in common.");
  const decided = [await ask(candidate, examples, set), await ask(baseline, examples, set)] as const;
  const pair = { candidate: decided[0].outcomes, baseline: decided[1].outcomes };
  if (questionsOf(pair.candidate) === 0) throw new UsageError("No question has a label that both models know.");
  const comparison = compare(pair);
  const names = [versionId(candidate.bundle.manifest), versionId(baseline.bundle.manifest)] as const;
  console.log(describe({ pair, comparison, set, examples, decided, names }));
  if (!store || !candidate.release || !baseline.release) return;
  // One that can't be read is replaced all the same.
  const earlier = await readEvaluation(store, candidate.release, baseline.release).catch(() => undefined);
  await writeEvaluation(store, {
    candidate: toFields(candidate.release),
    baseline: toFields(baseline.release),
    evaluated_at: new Date().toISOString(),
    labels: set.labels.length,
    ...comparison,
  });
  console.error(`kept in s3://${store.bucket}, where promote looks it up${earlier ? replaces(earlier) : ""}`);
}

/** What a comparison on fewer or other questions may well have made promote forget. */
const replaces = ({ evaluated_at: at, questions, verdict }: Evaluation): string =>
  `, instead of what ${questions} questions told on ${at.slice(0, 10)}: ${verdict.replace("_", " ")}`;

async function ask({ bundle }: Side, examples: readonly Example[], set: LabelSet): Promise<Decided> {
  console.error(`asking ${versionId(bundle.manifest)} ${examples.length} questions`);
  const predictor = await createPredictor(bundle);
  try {
    return await decide(predictor, examples, set);
  } finally {
    await predictor.close();
  }
}

const toFields = ({ name, version, manifestSha256 }: Release) => ({ name, version, manifest_sha256: manifestSha256 });

async function open(
  place: string,
  { store, folder }: { store: ModelStore | undefined; folder: string },
): Promise<Side> {
  const version = parseVersionId(place);
  if (place !== "current" && !version) return { bundle: await readBundle(place), release: undefined };
  if (!store) throw new UsageError(`${place} is in which bucket? Name it with --bucket or MODEL_BUCKET.`);
  const release = version ? await find(store, version) : await current(store);
  if (!release) throw new UsageError(`No model is in use in s3://${store.bucket}.`);
  return { bundle: await downloadBundle(store, release, folder), release };
}

const known = {
  data: { type: "string" },
  bundle: { type: "string" },
  against: { type: "string" },
  split: { type: "string", default: "test" },
  titles: { type: "boolean", default: false },
  bucket: { type: "string" },
  help: { type: "boolean" },
} as const;

/** Undefined for `--help`. */
function readOptions() {
  const { values } = parseUsage(() => parseArgs({ options: known }));
  if (values.help) return undefined;
  const { data, bundle, against, split, titles, bucket = process.env.MODEL_BUCKET || undefined } = values;
  if (!data || !bundle || !against) throw new UsageError("--data, --bundle and --against are needed");
  if (split !== "test" && split !== "val") throw new UsageError(`--split ${split} is neither test nor val`);
  return { data, bundle, against, split, titles, bucket };
}

endUnread();
main().catch((error: unknown) => {
  console.error(failureOf(error, usage));
  process.exitCode = 1;
});
