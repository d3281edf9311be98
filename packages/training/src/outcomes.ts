import { f1, judgedRows, type LabelCounts, type Scored, scoreOf } from "./metrics.ts";

/** What a model got right and wrong of each question: `label * kinds + kind`, one list after the other. */
export interface Outcomes {
  readonly labels: number;
  /** Where each question's list begins, and where the last one ends. */
  readonly offsets: Int32Array;
  readonly codes: Int32Array;
}

const kinds = 3;
const [found, wrong, missed] = [0, 1, 2];

/** Of the questions that have any of the first `columns` labels; right rejections are nobody's merit and left out. */
export function outcomesOf(scored: Scored, thresholds: readonly number[], columns = scored.labels): Outcomes {
  const { targets, labels } = scored;
  const codes: number[] = [];
  const offsets = [0];
  for (const row of judgedRows(scored, columns)) {
    for (let label = 0; label < columns; label++) {
      const target = targets[row * labels + label];
      const isChosen = scoreOf(scored, row, label) >= (thresholds[label] ?? 1);
      if (target === 1) codes.push(label * kinds + (isChosen ? found : missed));
      else if (target === -1 && isChosen) codes.push(label * kinds + wrong);
    }
    offsets.push(codes.length);
  }
  return { labels: columns, offsets: Int32Array.from(offsets), codes: Int32Array.from(codes) };
}

export const questionsOf = ({ offsets }: Outcomes): number => offsets.length - 1;

/** Adds what became of a question to a tally made by `emptyTally`. */
export function addTo(tally: Int32Array, { offsets, codes }: Outcomes, question: number): void {
  const end = offsets[question + 1] ?? 0;
  for (let at = offsets[question] ?? 0; at < end; at++) {
    const code = codes[at] ?? 0;
    tally[code] = (tally[code] ?? 0) + 1;
  }
}

export const emptyTally = (labels: number): Int32Array => new Int32Array(labels * kinds);

export function tallyOf(outcomes: Outcomes): Int32Array {
  const tally = emptyTally(outcomes.labels);
  for (let question = 0; question < questionsOf(outcomes); question++) addTo(tally, outcomes, question);
  return tally;
}

export function countsOf(tally: Int32Array, label: number): LabelCounts {
  const at = (kind: number) => tally[label * kinds + kind] ?? 0;
  return { truePositives: at(found), falsePositives: at(wrong), falseNegatives: at(missed) };
}

/** Micro-averaged F1, and F1 weighted by each label's positives. */
export function f1Of(tally: Int32Array): { readonly micro_f1: number; readonly weighted_f1: number } {
  const total = { truePositives: 0, falsePositives: 0, falseNegatives: 0 };
  let weighted = 0;
  for (let label = 0; label < tally.length / kinds; label++) {
    const counts = countsOf(tally, label);
    weighted += f1(counts) * (counts.truePositives + counts.falseNegatives);
    total.truePositives += counts.truePositives;
    total.falsePositives += counts.falsePositives;
    total.falseNegatives += counts.falseNegatives;
  }
  return { micro_f1: f1(total), weighted_f1: weighted / Math.max(1, total.truePositives + total.falseNegatives) };
}

/** Of a label: the questions that the model decided otherwise than the truth. */
export function errorsOf({ offsets, codes }: Outcomes, label: number): Set<number> {
  const questions = new Set<number>();
  for (let question = 0; question < offsets.length - 1; question++) {
    for (let at = offsets[question] ?? 0; at < (offsets[question + 1] ?? 0); at++) {
      const code = codes[at] ?? 0;
      if (Math.floor(code / kinds) === label && code % kinds !== found) questions.add(question);
    }
  }
  return questions;
}
