import { copyFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Vocabulary } from "@tagsmith/features/vocabulary";
import { type Bundle } from "@tagsmith/model-bundle/bundle";
import { onDisk } from "@tagsmith/model-bundle/disk";
import { placeModel } from "@tagsmith/model-bundle/place-model";
import { createPredictor, type Predictor } from "@tagsmith/model-bundle/predictor";
import { type AddedModel } from "./added-model.ts";
import { draftBundle, finishBundle, VOCABULARY_FILE } from "./assemble.ts";
import { DatasetError, type Example, ofSplit } from "./dataset.ts";
import { crossFit } from "./fit-calibration.ts";
import { judge, tune } from "./judge.ts";
import { chooseLabels, type LabelSet } from "./labels.ts";
import { learnerFor } from "./learn.ts";
import { levelled } from "./levels.ts";
import { buildModel } from "./onnx-graph.ts";
import { type Recipe } from "./recipe.ts";
import { type Model } from "./score.ts";
import { TOKENIZER_FILE, Transformer } from "./transformer.ts";
import { chooseFeatures, requireSplits, type Trial, tryOut, type TrialParts } from "./trial.ts";

interface PipelineOptions {
  readonly recipe: Recipe;
  readonly version: string;
  /** Where the bundle is written. */
  readonly folder: string;
  /** The folder of a transformer that export.py wrote, to stand beside the linear model. */
  readonly transformer?: string | undefined;
  readonly onProgress: TrialParts["onProgress"];
}

/**
 * Examples in, a judged bundle out; the same examples and recipe give the same bytes. A first model, of all features, says
 * which of them tell anything. A second one, trained without the validation split too, settles calibration and thresholds on
 * it; the shipped model is trained on both, at the same time. The test split is asked once, at the end.
 * @throws {DatasetError} where there is nothing to learn from, or to judge by
 */
export async function trainBundle(examples: readonly Example[], options: PipelineOptions): Promise<Bundle> {
  const { recipe, onProgress, version, folder } = options;
  onProgress({ stage: "vocabulary" });
  requireSplits(examples, ["val", "test"]);
  const set = chooseLabels(examples, recipe.minPositives);
  if (set.labels.length === 0) throw new DatasetError("There is nothing to learn: no question to train on has a tag.");
  await using transformer = await openTransformer(options, set);
  const parts = { set, recipe, onProgress };
  const features = Vocabulary.write(await chooseFeatures(examples, parts));
  await onDisk(folder, async () => {
    await writeFile(join(folder, VOCABULARY_FILE), features);
    if (transformer) await copyFile(join(transformer.folder, TOKENIZER_FILE), join(folder, TOKENIZER_FILE));
  });
  onProgress({ stage: "training" });
  const vocabulary = Vocabulary.read(features);
  const learnt = [...ofSplit(examples, "train"), ...ofSplit(examples, "val")];
  const [trial, shipped] = await Promise.all([
    tryOut(examples, { ...parts, vocabulary, transformer }),
    learnerFor(examples, parts)(learnt, vocabulary),
  ]);
  const { held } = trial;
  onProgress({ stage: "evaluation" });
  const draftOf = async (model: Model): Promise<Bundle> => {
    const whole = join(folder, "whole.onnx");
    await onDisk(folder, () => writeFile(whole, graphOf(model, trial, transformer?.added)));
    const { files } = await placeModel(whole, folder);
    await rm(whole);
    const { unlabelledDiscount } = recipe;
    const kind = { isLarge: transformer !== undefined, isBag: "units" in model };
    const card = { set, examples, version, unlabelledDiscount, ...kind };
    return draftBundle(card, { folder, files: [...files, VOCABULARY_FILE, ...(transformer ? [TOKENIZER_FILE] : [])] });
  };
  const validation = { titles: crossFit(held, "titles"), bodies: crossFit(held, "bodies") };
  const tuning = await asking(await draftOf(trial.model), (predictor) => tune(predictor, examples, set));
  const draft = await draftOf(shipped);
  return await asking(draft, async (predictor) =>
    finishBundle(draft, predictor, await judge(predictor, { examples, set, tuning, validation })),
  );
}

async function openTransformer({ transformer, recipe }: PipelineOptions, { labels }: LabelSet) {
  return transformer === undefined
    ? undefined
    : Transformer.open(transformer, { labels, share: recipe.transformerShare });
}

async function asking<Answer>(bundle: Bundle, ask: (predictor: Predictor) => Promise<Answer>): Promise<Answer> {
  const predictor = await createPredictor(bundle);
  try {
    return await ask(predictor);
  } finally {
    await predictor.close();
  }
}

/** The levels are worth no node: the weights, the biases and the other model's shares take them in. */
function graphOf(model: Model, { levels, calibration }: Trial, added?: AddedModel): Uint8Array {
  const scaled = (values: Float32Array) => values.map((value, at) => value * (levels[at % levels.length]?.factor ?? 1));
  const { weights, bias } = "units" in model ? model.logits : model;
  const last = { weights: scaled(weights), bias: levelled(bias, levels) };
  return buildModel({
    model: "units" in model ? { units: model.units, logits: last } : last,
    calibration,
    added: added && { ...added, shares: scaled(added.shares) },
  });
}
