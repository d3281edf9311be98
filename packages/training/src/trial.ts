import { Vocabulary, type VocabularyRow } from "@tagsmith/features/vocabulary";
import { countFeatures, mostTelling } from "./build-vocabulary.ts";
import { type Calibration } from "./calibration.ts";
import { DatasetError, type Example, ofSplit } from "./dataset.ts";
import { fitCalibration, type Held } from "./fit-calibration.ts";
import { type Asked, askHeld, marginsOf } from "./held-margins.ts";
import { sharesOf } from "./labels.ts";
import { learnerFor, type LearningParts, linearLearner } from "./learn.ts";
import { even, fitLevels, type Level, levelled } from "./levels.ts";
import { type Model } from "./score.ts";
import { type Split } from "./split.ts";
import { type Transformer } from "./transformer.ts";

/** One opinion in so many, and no more than so many, is not learnt from: they settle the labels' levels. */
const [ONE_IN, AT_MOST] = [10, 30_000];

/** A model that has not seen the validation split, which settles its calibration. */
export interface Trial {
  readonly model: Model;
  readonly levels: readonly Level[];
  /** What it says of the validation split. */
  readonly held: Held;
  readonly calibration: Calibration;
}

export interface TrialParts extends LearningParts {
  readonly vocabulary: Vocabulary;
  /** Its scores are added to the margins. */
  readonly transformer: Transformer | undefined;
}

/** @throws {DatasetError} where none of the questions is in one of these splits, which a model is judged by */
export function requireSplits(examples: readonly Example[], splits: readonly Split[]): void {
  for (const needed of splits) {
    if (examples.some(({ split }) => split === needed)) continue;
    throw new DatasetError(`No question is in the split ${needed}, which a model is judged by.`);
  }
}

/**
 * Those of all features that tell a first, linear model anything.
 * @throws {DatasetError} where there is nothing to learn from
 */
export async function chooseFeatures(examples: readonly Example[], parts: LearningParts): Promise<VocabularyRow[]> {
  const { training } = withoutSome(ofSplit(examples, "train"));
  const questions = training.map(({ question }) => question);
  const counted = countFeatures(questions, parts.recipe);
  if (counted.length === 0)
    throw new DatasetError("There is nothing to learn: these questions have no words in common.");
  const first = await linearLearner(parts)(training, vocabularyOf(counted));
  return mostTelling(counted, first, parts.recipe.keptFeatures);
}

/** Learns what the features tell, and settles what its margins are worth. */
export async function tryOut(examples: readonly Example[], parts: TrialParts): Promise<Trial> {
  const { set, vocabulary, transformer } = parts;
  const { training, opinions } = withoutSome(ofSplit(examples, "train"));
  const model = await learnerFor(examples, parts)(training, vocabulary);
  const asked = { model, set, vocabulary, transformer };
  const asIs = await askHeld(ofSplit(examples, "val"), asked);
  const levels = await levelsOf(opinions, asIs, asked);
  const held = heldAt(levels, asIs);
  return { model, levels, held, calibration: fitCalibration(held) };
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

const vocabularyOf = (rows: readonly VocabularyRow[]): Vocabulary => Vocabulary.read(Vocabulary.write(rows));
