import { type Vocabulary } from "@tagsmith/features/vocabulary";
import { calibrate, type Calibration, confidencesOf } from "./calibration.ts";
import { type Example } from "./dataset.ts";
import { type View, viewOf } from "./evaluate.ts";
import { type LabelSet, targetsOf } from "./labels.ts";
import { matrixOf } from "./matrix.ts";
import { joinScored, type Scored } from "./metrics.ts";
import { scoreLinear } from "./score.ts";
import { type LinearModel } from "./train-linear.ts";

/** A model beside questions that it was not trained on. */
export interface Held {
  readonly model: LinearModel;
  readonly held: readonly Example[];
  readonly set: LabelSet;
  readonly vocabulary: Vocabulary;
}

/** One calibration for both: fitted on the questions' titles, and on those that have a body with it. */
export function fitCalibration(asked: Held): Calibration {
  const rows = [...viewOf(asked.held, "titles"), ...viewOf(asked.held, "bodies")];
  return calibrate(marginsOf(asked, rows), targetsOf(rows, asked.set));
}

/** Confidences that the calibration was not fitted to: each half of the questions is judged by what the other half taught. */
export function crossFit(asked: Held, view: View): Scored {
  const [even, odd] = [0, 1].map((half) => asked.held.filter((_, index) => index % 2 === half));
  const judgedBy = (judged: readonly Example[] = [], taught: readonly Example[] = []): Scored => {
    const rows = viewOf(judged, view);
    const calibration = fitCalibration({ ...asked, held: taught });
    return {
      probabilities: confidencesOf(marginsOf(asked, rows), calibration),
      targets: targetsOf(rows, asked.set),
      labels: asked.set.labels.length,
    };
  };
  return joinScored(judgedBy(even, odd), judgedBy(odd, even));
}

function marginsOf({ model, vocabulary }: Held, rows: readonly Example[]): Float32Array {
  const questions = rows.map(({ question }) => question);
  return scoreLinear(model, matrixOf(questions, vocabulary));
}
