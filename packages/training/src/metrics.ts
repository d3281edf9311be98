/** A model's probabilities beside the truth, both `[row * labels + label]`; a target of 0 is unknown and never counted. */
export interface Scored {
  readonly probabilities: Float32Array;
  readonly targets: Int8Array;
  readonly labels: number;
  /** What each row's thresholds are multiplied by; absent where they hold as they are. */
  readonly factors?: Float32Array | undefined;
}

/** The rows of both, one after the other. */
export function joinScored(one: Scored, other: Scored): Scored {
  return {
    probabilities: Float32Array.from([...one.probabilities, ...other.probabilities]),
    targets: Int8Array.from([...one.targets, ...other.targets]),
    labels: one.labels,
  };
}

/** A probability as its threshold meets it. */
export function scoreOf({ probabilities, labels, factors }: Scored, row: number, label: number): number {
  return (probabilities[row * labels + label] ?? 0) / (factors?.[row] ?? 1);
}

export interface LabelCounts {
  truePositives: number;
  falsePositives: number;
  falseNegatives: number;
}

interface F1Scores {
  readonly weighted: number;
  readonly micro: number;
  readonly questions: number;
}

/** The rows that have at least one of the first `columns` labels; the others can't be told right or wrong by F1. */
export function judgedRows({ targets, labels }: Scored, columns: number): number[] {
  const rows: number[] = [];
  for (let row = 0; row < targets.length / labels; row++) {
    if (targets.subarray(row * labels, row * labels + columns).includes(1)) rows.push(row);
  }
  return rows;
}

/** Right and wrong decisions by label, for the first `columns` labels over the judged rows. */
export function countByLabel(scored: Scored, thresholds: readonly number[], columns: number): LabelCounts[] {
  const { targets, labels } = scored;
  const rows = judgedRows(scored, columns);
  return Array.from({ length: columns }, (_, label) => {
    const counts = { truePositives: 0, falsePositives: 0, falseNegatives: 0 };
    for (const row of rows) {
      const target = targets[row * labels + label];
      const chosen = scoreOf(scored, row, label) >= (thresholds[label] ?? 1);
      if (chosen && target === 1) counts.truePositives += 1;
      else if (chosen && target === -1) counts.falsePositives += 1;
      else if (target === 1) counts.falseNegatives += 1;
    }
    return counts;
  });
}

/** F1 of one label or of a sum of labels; 0 when nothing is found. */
export function f1({ truePositives, falsePositives, falseNegatives }: LabelCounts): number {
  return truePositives === 0 ? 0 : (2 * truePositives) / (2 * truePositives + falsePositives + falseNegatives);
}

/** F1 weighted by each label's positives, and micro-averaged, over the first `columns` labels. */
export function f1Scores(scored: Scored, thresholds: readonly number[], columns: number): F1Scores {
  const counts = countByLabel(scored, thresholds, columns);
  const total = { truePositives: 0, falsePositives: 0, falseNegatives: 0 };
  let weighted = 0;
  for (const label of counts) {
    weighted += f1(label) * (label.truePositives + label.falseNegatives);
    total.truePositives += label.truePositives;
    total.falsePositives += label.falsePositives;
    total.falseNegatives += label.falseNegatives;
  }
  const positives = total.truePositives + total.falseNegatives;
  return {
    weighted: positives === 0 ? 0 : weighted / positives,
    micro: f1(total),
    questions: judgedRows(scored, columns).length,
  };
}

export interface ReliabilityBin {
  readonly confidence: number;
  readonly accuracy: number;
  readonly count: number;
}

/** Mean confidence beside the share that was right, in ten bins of confidence; empty bins are left out. */
export function reliability({ probabilities, targets }: Scored): ReliabilityBin[] {
  const bins = Array.from({ length: 10 }, () => ({ confidence: 0, right: 0, count: 0 }));
  targets.forEach((target, at) => {
    const probability = probabilities[at] ?? 0;
    const bin = bins[Math.min(9, Math.floor(probability * 10))];
    if (target === 0 || !bin) return;
    bin.confidence += probability;
    bin.right += target === 1 ? 1 : 0;
    bin.count += 1;
  });
  return bins
    .filter(({ count }) => count > 0)
    .map(({ confidence, right, count }) => ({ confidence: confidence / count, accuracy: right / count, count }));
}

/**
 * Expected calibration error: how far confidence and accuracy lie apart on average, weighted by the bins' counts. Of a
 * hundred confidences 99 are next to zero and right; the error of the `visible` ones is what a person can see.
 */
export function calibrationError(bins: readonly ReliabilityBin[]): number {
  const total = bins.reduce((sum, { count }) => sum + count, 0);
  return bins.reduce(
    (sum, { confidence, accuracy, count }) => sum + Math.abs(confidence - accuracy) * (count / total),
    0,
  );
}

/** The bins of confidences that are shown to people: 10 % and more. */
export function visible(bins: readonly ReliabilityBin[]): ReliabilityBin[] {
  return bins.filter(({ confidence }) => confidence >= 0.1);
}

/** The share of questions that get at least one tag. */
export function coverage(scored: Scored, thresholds: readonly number[]): number {
  const rows = scored.probabilities.length / scored.labels;
  let covered = 0;
  for (let row = 0; row < rows; row++) {
    if (thresholds.some((threshold, label) => scoreOf(scored, row, label) >= threshold)) covered += 1;
  }
  return rows === 0 ? 0 : covered / rows;
}
