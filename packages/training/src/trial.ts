import { Vocabulary, type VocabularyRow } from "@tagsmith/features/vocabulary";
import { countFeatures, mostTelling } from "./build-vocabulary.ts";
import { type Calibration } from "./calibration.ts";
import { DatasetError, type Example, ofSplit } from "./dataset.ts";
import { fitCalibration, type Held } from "./fit-calibration.ts";
import { type Asked, askHeld, marginsOf } from "./held-margins.ts";
import { type LabelSet, sharesOf } from "./labels.ts";
import { even, fitLevels, type Level, levelled } from "./levels.ts";
import { matrixOf } from "./matrix.ts";
import { type Recipe } from "./recipe.ts";
import { type Split } from "./split.ts";
import { type LinearModel } from "./train-linear.ts";
import { trainModel } from "./train-model.ts";
import { type Transformer } from "./transformer.ts";

/** One opinion in so many, and no more than so many, is not learnt from: they settle the labels' levels. */
const [ONE_IN, AT_MOST] = [10, 30_000];

/** A model that has not seen the validation split, which settles its calibration. */
export interface Trial {
  /** The features that tell anything, which `vocabulary` holds. */
  readonly telling: readonly VocabularyRow[];
  readonly vocabulary: Vocabulary;
  readonly model: LinearModel;
  readonly levels: readonly Level[];
  /** What it says of the validation split. */
  readonly held: Held;
  readonly calibration: Calibration;
}

export interface TrialParts {
  readonly set: LabelSet;
  readonly recipe: Recipe;
  /** Its scores are added to the margins. */
  readonly transformer: Transformer | undefined;
  /** Called with what begins, and after each epoch of half of the labels. */
  readonly onProgress: (event: { readonly stage: string } | "epoch") => void;
}

/** @throws {DatasetError} where none of the questions is in one of these splits, which a model is judged by */
export function requireSplits(examples: readonly Example[], splits: readonly Split[]): void {
  for (const needed of splits) {
    if (examples.some(({ split }) => split === needed)) continue;
    throw new DatasetError(`No question is in the split ${needed}, which a model is judged by.`);
  }
}

/**
 * A first model, of all features, says which of them tell anything; a second one learns these.
 * @throws {DatasetError} where there is nothing to learn from
 */
export async function tryOut(examples: readonly Example[], parts: TrialParts): Promise<Trial> {
  const { set, recipe, transformer, onProgress } = parts;
  const { training, opinions } = withoutSome(ofSplit(examples, "train"));
  const questions = training.map(({ question }) => question);
  const counted = countFeatures(questions, recipe);
  if (counted.length === 0)
    throw new DatasetError("There is nothing to learn: these questions have no words in common.");
  const first = await trainOn(training, vocabularyOf(counted), parts);
  const telling = mostTelling(counted, first, recipe.keptFeatures);
  const vocabulary = vocabularyOf(telling);
  onProgress({ stage: "tuning" });
  const model = await trainOn(training, vocabulary, parts);
  const asked = { model, set, vocabulary, transformer };
  const asIs = await askHeld(ofSplit(examples, "val"), asked);
  const levels = await levelsOf(opinions, asIs, asked);
  const held = heldAt(levels, asIs);
  return { telling, vocabulary, model, levels, held, calibration: fitCalibration(held) };
}

/** The questions to learn from, and the opinions that are kept from it. */
function withoutSome(training: readonly Example[]): Record<"training" | "opinions", Example[]> {
  const all = training.filter(({ confidences }) => confidences);
  const step = Math.max(ONE_IN, Math.ceil(all.length / AT_MOST));
  const opinions = all.filter((_, index) => index % step === 0);
  const held = new Set(opinions);
  return { training: training.filter((example) => !held.has(example)), opinions };
}

async function levelsOf(opinions: readonly Example[], held: Held, asked: Asked): Promise<readonly Level[]> {
  const labels = asked.set.labels.length;
  if (opinions.length === 0) return even(labels);
  const questions = opinions.map(({ question }) => question);
  const shares = sharesOf(opinions, asked.set);
  return fitLevels({ margins: await marginsOf(questions, asked), shares, labels }, fitCalibration(held));
}

function heldAt(levels: readonly Level[], { titles, bodies }: Held): Held {
  const rowsAt = (rows: Held["titles"]) => rows.map((row) => ({ ...row, margins: levelled(row.margins, levels) }));
  return { titles: rowsAt(titles), bodies: rowsAt(bodies) };
}

/** Every question once, as it is: a title that comes back with its body would be learnt twice, and its words for less. */
export function trainOn(
  training: readonly Example[],
  vocabulary: Vocabulary,
  { set, recipe, onProgress }: Pick<TrialParts, "set" | "recipe" | "onProgress">,
): Promise<LinearModel> {
  const questions = training.map(({ question }) => question);
  const trainingSet = {
    matrix: matrixOf(questions, vocabulary),
    shares: sharesOf(training, set),
    importance: Float32Array.from(training, ({ weight = 1 }) => weight),
    labels: set.labels.length,
    features: vocabulary.size,
  };
  return trainModel({ set: trainingSet, options: recipe.linear }, () => onProgress("epoch"));
}

const vocabularyOf = (rows: readonly VocabularyRow[]): Vocabulary => Vocabulary.read(Vocabulary.write(rows));
