import { calibrate, type Calibration, confidencesOf } from "./calibration.ts";
import { type View } from "./evaluate.ts";
import { joinScored, type Scored } from "./metrics.ts";

/** What a model says of a question that it was not trained on, and the truth: one of each a label. */
export interface HeldRow {
  readonly margins: Float32Array;
  readonly targets: Int8Array;
  /** Which half of the questions it belongs to, in all views alike. */
  readonly half: number;
}

export type Held = Readonly<Record<View, readonly HeldRow[]>>;

/** One calibration for both: fitted on the questions' titles, and on those that have a body with it. */
export function fitCalibration({ titles, bodies }: Held): Calibration {
  const { margins, targets } = joined([...titles, ...bodies]);
  return calibrate(margins, targets);
}

/** Confidences that the calibration was not fitted to: each half of the questions is judged by what the other half taught. */
export function crossFit({ titles, bodies }: Held, view: View): Scored {
  const halfOf = (half: number): Held => ({
    titles: titles.filter((row) => row.half === half),
    bodies: bodies.filter((row) => row.half === half),
  });
  const judgedBy = (judged: number, taught: number): Scored => {
    const { margins, targets, labels } = joined(halfOf(judged)[view]);
    return { probabilities: confidencesOf(margins, fitCalibration(halfOf(taught))), targets, labels };
  };
  return joinScored(judgedBy(0, 1), judgedBy(1, 0));
}

function joined(rows: readonly HeldRow[]) {
  return {
    margins: Float32Array.from(rows.flatMap(({ margins }) => [...margins])),
    targets: Int8Array.from(rows.flatMap(({ targets }) => [...targets])),
    labels: rows[0]?.targets.length ?? 0,
  };
}
