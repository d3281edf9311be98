import { type Vocabulary } from "@tagsmith/features/vocabulary";
import { type Example } from "./dataset.ts";
import { type LabelSet, sharesOf } from "./labels.ts";
import { matrixOf } from "./matrix.ts";
import { type Recipe } from "./recipe.ts";
import { type Model } from "./score.ts";
import { type LinearModel, type TrainingSet } from "./train-linear.ts";
import { trainBagModel, trainLinearModel } from "./train-model.ts";

export interface LearningParts {
  readonly set: LabelSet;
  readonly recipe: Recipe;
  /** Called with what begins, and after each epoch of each thread. */
  readonly onProgress: (event: { readonly stage: string } | "epoch") => void;
}

type Learner<Learnt> = (training: readonly Example[], vocabulary: Vocabulary) => Promise<Learnt>;

export function linearLearner({ set, recipe, onProgress }: LearningParts): Learner<LinearModel> {
  return (training, vocabulary) =>
    trainLinearModel({ set: trainingSet(training, vocabulary, set), options: recipe.linear }, () =>
      onProgress("epoch"),
    );
}

/** Where so many opinions are among the examples, an embedding bag learns from them, and otherwise a linear model. */
export function learnerFor(examples: readonly Example[], parts: LearningParts): Learner<Model> {
  const { set, recipe, onProgress } = parts;
  if (!learnsBag(examples, recipe)) return linearLearner(parts);
  return (training, vocabulary) =>
    trainBagModel({ set: trainingSet(training, vocabulary, set), options: recipe.bag }, () => onProgress("epoch"));
}

/** How often progress is told: by the two threads of each linear model, and by the one of each bag. */
export function epochsOf(examples: readonly Example[], recipe: Recipe): number {
  const linear = 2 * recipe.linear.epochs;
  return linear + 2 * (learnsBag(examples, recipe) ? recipe.bag.epochs : linear);
}

const learnsBag = (examples: readonly Example[], { bagOpinions }: Recipe): boolean =>
  examples.filter(({ confidences }) => confidences).length >= bagOpinions;

/** Every question once, as it is: a title that comes back with its body would be learnt twice, and its words for less. */
function trainingSet(training: readonly Example[], vocabulary: Vocabulary, set: LabelSet): TrainingSet {
  return {
    matrix: matrixOf(
      training.map(({ question }) => question),
      vocabulary,
    ),
    shares: sharesOf(training, set),
    importance: Float32Array.from(training, ({ weight = 1 }) => weight),
    labels: set.labels.length,
    features: vocabulary.size,
  };
}
