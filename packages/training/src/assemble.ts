import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { FEATURE_VERSION } from "@tagsmith/features/vectorize";
import { describeFile } from "@tagsmith/model-bundle/bundle-files";
import { type Bundle, writeManifest } from "@tagsmith/model-bundle/bundle";
import { onDisk } from "@tagsmith/model-bundle/disk";
import { type Manifest } from "@tagsmith/model-bundle/manifest";
import { MODEL_FILE } from "@tagsmith/model-bundle/place-model";
import { type Predictor } from "@tagsmith/model-bundle/predictor";
import * as z from "zod";
import { type Example } from "./dataset.ts";
import { goldenQuestions } from "./golden-questions.ts";
import { type Judgement } from "./judge.ts";
import { type LabelSet } from "./labels.ts";
import { tensors } from "./onnx-graph.ts";
import { renderReport } from "./report.ts";
import { reading } from "./transformer.ts";

export const VOCABULARY_FILE = "vocabulary.bin";
const REPORT_FILE = "report.html";
const TOLERANCE = 1e-3;
/** What a transformer rounds to int8 as it runs may fall on the other side on another processor. */
const LARGE_TOLERANCE = 0.02;
const base = "e5-small-v2 (MIT), which had read other texts of Stack Exchange, among many, without tags";

export interface ModelCard {
  readonly set: LabelSet;
  readonly examples: readonly Example[];
  readonly version: string;
  readonly unlabelledDiscount: number;
  /** Whether a transformer stands beside the linear model. */
  readonly isLarge: boolean;
  /** Whether an embedding bag stands in the linear model's place. */
  readonly isBag: boolean;
}

/** Files by name that were written into a bundle's folder. */
interface WrittenFiles {
  readonly folder: string;
  readonly files: readonly string[];
}

/** A bundle that can be served but has not been judged: thresholds of one half, no metrics. */
export async function draftBundle(card: ModelCard, { folder, files }: WrittenFiles): Promise<Bundle> {
  const { labels } = card.set;
  const features = {
    feature_version: FEATURE_VERSION,
    vocabulary: VOCABULARY_FILE,
    ids: tensors.ids,
    weights: tensors.weights,
  };
  const manifest: Manifest = {
    schema_version: 1,
    name: card.isLarge ? "stackoverflow-tags-large" : "stackoverflow-tags",
    version: card.version,
    description: description(card),
    training_data: trainingData(card),
    licence:
      "Trained on questions by Stack Overflow's users, CC BY-SA 2.5, 3.0 and 4.0 by date of post. Code and weights: MIT.",
    created_at: newestDate(card.examples),
    model: MODEL_FILE,
    input: card.isLarge ? { ...reading, features } : { kind: "features", ...features },
    output: tensors.probabilities,
    labels: [...labels],
    thresholds: labels.map(() => 0.5),
    unlabelled_discount: card.unlabelledDiscount,
    files: await Promise.all(files.map((path) => describeFile(folder, path))),
    golden: {
      tolerance: card.isLarge ? LARGE_TOLERANCE : TOLERANCE,
      examples: goldenQuestions.map((question) => ({ ...question, probabilities: labels.map(() => 0) })),
    },
    metrics: {},
  };
  return { manifest, folder };
}

/** The draft with what was found out by asking it: thresholds, golden answers, metrics and the report. Writes the rest. */
export async function finishBundle(draft: Bundle, predictor: Predictor, judgement: Judgement): Promise<Bundle> {
  const { folder } = draft;
  const report = await renderReport(draft.manifest, judgement);
  await onDisk(folder, () => writeFile(join(folder, REPORT_FILE), report));
  const answers = await predictor.predict(goldenQuestions);
  const manifest: Manifest = {
    ...draft.manifest,
    thresholds: judgement.thresholds.map(round),
    files: [...draft.manifest.files, await describeFile(folder, REPORT_FILE)],
    golden: {
      ...draft.manifest.golden,
      examples: goldenQuestions.map((question, index) => ({
        ...question,
        probabilities: [...(answers[index] ?? [])].map(round),
      })),
    },
    metrics: judgement.metrics,
  };
  const bundle = { manifest, folder };
  await writeManifest(bundle);
  return bundle;
}

function description({ set, isLarge, isBag }: ModelCard): string {
  const newer = set.labels.length - set.observedCount;
  const kind = isBag ? "an embedding bag of" : "linear support vector machines on";
  const models = `${kind} hashed words, word pairs and the title's characters`;
  return (
    `Tags for programming questions, from title and body: ${set.observedCount} tags that every source observes and ${newer} ` +
    (isLarge
      ? `newer ones. A fine-tuned transformer together with ${models}, calibrated.`
      : `newer ones, by ${models}, calibrated.`)
  );
}

function trainingData({ examples, isLarge }: ModelCard): string {
  const training = examples.filter(({ split, confidences }) => split !== "test" && !confidences);
  const opinions = examples.filter(({ confidences }) => confidences).length;
  const years = datesOf(training).map((date) => date.slice(0, 4));
  const span = years.length > 0 ? ` of ${years[0]} to ${years.at(-1)}` : "";
  return [
    `${training.length.toLocaleString("en")} questions${span}, from Stack Overflow and a few of its sister sites`,
    ...(opinions > 0 ? [`a larger model's opinions of ${opinions.toLocaleString("en")} more without their tags`] : []),
    ...(isLarge ? [`the transformer began as ${base}`] : []),
  ].join("; ");
}

/** The newest question's date: the same data give the same bundle on any day. */
function newestDate(examples: readonly Example[]): string {
  return `${datesOf(examples).at(-1) ?? "1970-01-01"}T00:00:00Z`;
}

const day = z.iso.date();

/** The dates that are known, oldest first. Some databases write 0000-00-00 where they know none. */
function datesOf(examples: readonly Example[]): string[] {
  return examples.flatMap(({ date }) => day.safeParse(date?.slice(0, 10)).data ?? []).toSorted();
}

function round(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
