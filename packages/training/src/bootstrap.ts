import { f1, judgedRows, type LabelCounts, type Scored } from "./metrics.ts";
import { randomOf } from "./random.ts";

/** The percentile interval needs no more to be stable in its third decimal. */
const RESAMPLES = 300;
const SEED = 1;

type Outcome = keyof LabelCounts;
const outcomes: readonly Outcome[] = ["truePositives", "falsePositives", "falseNegatives"];

/** Half the width of the interval that 95 of 100 samples of as many questions fall into. */
export interface Margins {
  readonly weighted: number;
  readonly micro: number;
}

/** How far F1 over the first `columns` labels may be off by the choice of questions: whole questions are drawn, with replacement. */
export function f1Margins(scored: Scored, thresholds: readonly number[], columns: number): Margins {
  const events = judgedRows(scored, columns).map((row) => eventsOf(scored, thresholds, { row, columns }));
  const random = randomOf(SEED);
  const samples = Array.from({ length: RESAMPLES }, () => {
    const counts = new Float64Array(columns * outcomes.length);
    for (let draw = 0; draw < events.length; draw++) {
      for (const event of events[Math.floor(random() * events.length)] ?? []) counts[event] = (counts[event] ?? 0) + 1;
    }
    return scoresOf(counts, columns);
  });
  return {
    weighted: halfWidth(samples.map(({ weighted }) => weighted)),
    micro: halfWidth(samples.map(({ micro }) => micro)),
  };
}

/** What a row adds one to, as `label * outcomes + outcome`: most labels are rightly left out and add nothing. */
function eventsOf(
  { probabilities, targets, labels }: Scored,
  thresholds: readonly number[],
  { row, columns }: { row: number; columns: number },
): number[] {
  const events: number[] = [];
  for (let label = 0; label < columns; label++) {
    const target = targets[row * labels + label] ?? 0;
    const chosen = (probabilities[row * labels + label] ?? 0) >= (thresholds[label] ?? 1);
    if (target === 1) events.push(label * outcomes.length + (chosen ? 0 : 2));
    else if (chosen && target === -1) events.push(label * outcomes.length + 1);
  }
  return events;
}

function scoresOf(counts: Float64Array, columns: number): Margins {
  const total = { truePositives: 0, falsePositives: 0, falseNegatives: 0 };
  let weighted = 0;
  for (let label = 0; label < columns; label++) {
    const [truePositives = 0, falsePositives = 0, falseNegatives = 0] = counts.subarray(label * 3, label * 3 + 3);
    weighted += f1({ truePositives, falsePositives, falseNegatives }) * (truePositives + falseNegatives);
    total.truePositives += truePositives;
    total.falsePositives += falsePositives;
    total.falseNegatives += falseNegatives;
  }
  return { weighted: weighted / Math.max(1, total.truePositives + total.falseNegatives), micro: f1(total) };
}

function halfWidth(samples: readonly number[]): number {
  const sorted = samples.toSorted((one, other) => one - other);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  return (at(0.975) - at(0.025)) / 2;
}
