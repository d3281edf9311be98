import type { ComparedFigure, Evaluation } from "@tagsmith/model-bundle/evaluation";
import { f1 } from "../metrics.ts";
import { randomOf } from "../random.ts";
import { addTo, countsOf, emptyTally, errorsOf, f1Of, type Outcomes, questionsOf, tallyOf } from "../outcomes.ts";

export interface Pair {
  readonly candidate: Outcomes;
  readonly baseline: Outcomes;
}

interface LabelDifference {
  readonly label: number;
  readonly candidate: number;
  readonly baseline: number;
  /** Of an exact sign test on the questions that only one of them decides rightly, corrected for the number of labels. */
  readonly p: number;
}

export type Comparison = Pick<Evaluation, "questions" | "micro_f1" | "weighted_f1" | "verdict">;

const rounds = 2_000;
const significance = 0.05;
const figures = ["micro_f1", "weighted_f1"] as const;

/**
 * Both models on the same questions. The interval is of a paired bootstrap over questions; p of approximate randomisation
 * (Yeh, "More accurate tests for the statistical significance of result differences", 2000). The same `seed` gives the same.
 */
export function compare(pair: Pair, seed = 1): Comparison {
  const [candidate, baseline] = [f1Of(tallyOf(pair.candidate)), f1Of(tallyOf(pair.baseline))];
  const random = randomOf(seed);
  const drawn = Array.from({ length: rounds }, () => drawnDifference(pair, random));
  const swapped = Array.from({ length: rounds }, () => swappedDifference(pair, random));
  const [micro_f1, weighted_f1] = figures.map((name): ComparedFigure => {
    const difference = Math.abs(candidate[name] - baseline[name]);
    const sorted = drawn.map((one) => one[name]).sort((a, b) => a - b);
    const at = (share: number) => sorted[Math.round(share * (rounds - 1))] ?? Number.NaN;
    // One more for what was seen: a p of 0 can't be had from any number of rounds.
    const asFar = swapped.filter((one) => Math.abs(one[name]) >= difference - 1e-12).length;
    return {
      candidate: candidate[name],
      baseline: baseline[name],
      interval: [at(0.025), at(0.975)],
      p: (asFar + 1) / (rounds + 1),
    };
  }) as [ComparedFigure, ComparedFigure];
  return { questions: questionsOf(pair.candidate), micro_f1, weighted_f1, verdict: verdictOf([micro_f1, weighted_f1]) };
}

/** Each label's F1 with both, the surest differences first. */
export function compareLabels({ candidate, baseline }: Pair): LabelDifference[] {
  const [ours, theirs] = [tallyOf(candidate), tallyOf(baseline)];
  const differences = Array.from({ length: candidate.labels }, (_, label) => {
    const [wrong, wrongThere] = [errorsOf(candidate, label), errorsOf(baseline, label)];
    const onlyOurs = [...wrong].filter((question) => !wrongThere.has(question)).length;
    const onlyTheirs = [...wrongThere].filter((question) => !wrong.has(question)).length;
    const p = signTest(onlyOurs, onlyTheirs);
    return { label, candidate: f1(countsOf(ours, label)), baseline: f1(countsOf(theirs, label)), p };
  });
  return holm(differences.sort((one, other) => one.p - other.p));
}

type Difference = Readonly<Record<(typeof figures)[number], number>>;

function drawnDifference(pair: Pair, random: () => number): Difference {
  const questions = questionsOf(pair.candidate);
  const tallies = [emptyTally(pair.candidate.labels), emptyTally(pair.candidate.labels)] as const;
  for (let draw = 0; draw < questions; draw++) {
    const question = Math.floor(random() * questions);
    addTo(tallies[0], pair.candidate, question);
    addTo(tallies[1], pair.baseline, question);
  }
  return differenceOf(tallies);
}

function swappedDifference(pair: Pair, random: () => number): Difference {
  const tallies = [emptyTally(pair.candidate.labels), emptyTally(pair.candidate.labels)] as const;
  for (let question = 0; question < questionsOf(pair.candidate); question++) {
    const isSwapped = random() < 0.5;
    addTo(tallies[isSwapped ? 1 : 0], pair.candidate, question);
    addTo(tallies[isSwapped ? 0 : 1], pair.baseline, question);
  }
  return differenceOf(tallies);
}

function differenceOf([one, other]: readonly [Int32Array, Int32Array]): Difference {
  const [candidate, baseline] = [f1Of(one), f1Of(other)];
  return {
    micro_f1: candidate.micro_f1 - baseline.micro_f1,
    weighted_f1: candidate.weighted_f1 - baseline.weighted_f1,
  };
}

/** For certain better or worse in one figure, and not the contrary in the other. */
function verdictOf(compared: readonly ComparedFigure[]): Evaluation["verdict"] {
  const certain = compared.filter(({ p }) => p < significance);
  const signs = new Set(certain.map(({ candidate, baseline }) => Math.sign(candidate - baseline)));
  if (signs.size !== 1) return "no_difference";
  return signs.has(1) ? "better" : "worse";
}

/** Two-sided: how likely so uneven a split of discordant pairs is when heads and tails are alike. */
function signTest(heads: number, tails: number): number {
  const trials = heads + tails;
  let logChoose = 0;
  let tail = 0;
  for (let count = 0; count <= Math.min(heads, tails); count++) {
    tail += Math.exp(logChoose - trials * Math.LN2);
    logChoose += Math.log((trials - count) / (count + 1));
  }
  return Math.min(1, 2 * tail);
}

/** Holm's correction of sorted p-values. */
function holm(sorted: readonly LabelDifference[]): LabelDifference[] {
  let least = 0;
  return sorted.map((one, rank) => {
    least = Math.max(least, Math.min(1, one.p * (sorted.length - rank)));
    return { ...one, p: least };
  });
}
