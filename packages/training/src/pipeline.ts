import { Vocabulary } from "@tagsmith/features/vocabulary";
import { type Bundle } from "@tagsmith/model-bundle/bundle";
import { createPredictor } from "@tagsmith/model-bundle/predictor";
import { draftBundle, finishBundle, MODEL_FILE, VOCABULARY_FILE } from "./assemble.ts";
import { buildVocabulary } from "./build-vocabulary.ts";
import { fitMixture, type Mixture } from "./calibration.ts";
import { type Example } from "./dataset.ts";
import { viewOf } from "./evaluate.ts";
import { judge } from "./judge.ts";
import { chooseLabels, type LabelSet, targetsOf } from "./labels.ts";
import { matrixOf } from "./matrix.ts";
import { buildModel } from "./onnx-graph.ts";
import { quantize } from "./quantize.ts";
import { type Recipe } from "./recipe.ts";
import { scoreBag, scoreLinear } from "./score.ts";
import { type TrainingSet } from "./train-linear.ts";
import { type Models, trainModels } from "./train-models.ts";

export interface PipelineOptions {
  readonly recipe: Recipe;
  readonly version: string;
  /** Called with what begins, and after each epoch of either model. */
  readonly onProgress: (event: { stage: string } | { epochs: number }) => void;
  readonly signal: AbortSignal;
}

/** Examples in, a judged bundle out; the same examples and recipe give the same bytes. */
export async function trainBundle(examples: readonly Example[], options: PipelineOptions): Promise<Bundle> {
  const { recipe, onProgress, version } = options;
  onProgress({ stage: "vocabulary" });
  const set = chooseLabels(examples, recipe.minPositives);
  const training = examples.filter(({ split }) => split === "train");
  const questions = training.map(({ question }) => question);
  const vocabularyBytes = buildVocabulary(questions, recipe.minDocuments, recipe.maxFeatures);
  const vocabulary = Vocabulary.read(vocabularyBytes);
  onProgress({ stage: "features" });
  const trainingSet = trainingSetOf(training, set, vocabulary);
  onProgress({ stage: "models" });
  const models = await train(trainingSet, options);
  onProgress({ stage: "evaluation" });
  const mixture = calibrate(models, { examples, set, vocabulary });
  const files = new Map([
    [MODEL_FILE, graphOf(models, mixture)],
    [VOCABULARY_FILE, vocabularyBytes],
  ]);
  const draft = await draftBundle({ set, examples, version }, files);
  const predictor = await createPredictor(draft);
  try {
    return await finishBundle(draft, predictor, await judge(predictor, examples, set));
  } finally {
    await predictor.close();
  }
}

/** Every question by its title, and those with a body once more as they are, so that both are learnt. */
function trainingSetOf(training: readonly Example[], set: LabelSet, vocabulary: Vocabulary): TrainingSet {
  const rows = [...viewOf(training, "titles"), ...viewOf(training, "bodies")];
  return {
    matrix: matrixOf(
      rows.map(({ question }) => question),
      vocabulary,
    ),
    targets: targetsOf(rows, set),
    labels: set.labels.length,
    features: vocabulary.size,
  };
}

function train(set: TrainingSet, { recipe, onProgress, signal }: PipelineOptions): Promise<Models> {
  let epochs = 0;
  return trainModels(set, {
    linear: recipe.linear,
    bag: recipe.bag,
    onEpoch: () => onProgress({ epochs: ++epochs }),
    signal,
  });
}

interface Held {
  readonly examples: readonly Example[];
  readonly set: LabelSet;
  readonly vocabulary: Vocabulary;
}

/** Fitted on the validation split, titles and bodies alike. */
function calibrate(models: Models, { examples, set, vocabulary }: Held): Mixture {
  const held = examples.filter(({ split }) => split === "val");
  const rows = [...viewOf(held, "titles"), ...viewOf(held, "bodies")];
  const matrix = matrixOf(
    rows.map(({ question }) => question),
    vocabulary,
  );
  const scores = { linear: scoreLinear(models.linear, matrix), bag: scoreBag(models.bag, matrix) };
  return fitMixture(scores, targetsOf(rows, set));
}

function graphOf({ linear, bag }: Models, mixture: Mixture): Uint8Array {
  return buildModel({
    linear: quantize(linear.weights, linear.bias.length),
    linearBias: linear.bias,
    bag: quantize(bag.table, bag.width),
    bagBias: bag.bias,
    output: bag.output,
    outputBias: bag.outputBias,
    mixture,
  });
}
