import type { ComparedFigure } from "@tagsmith/model-bundle/evaluation";
import type { Example } from "../dataset.ts";
import type { LabelSet } from "../labels.ts";
import { type Comparison, compareLabels, type Pair } from "./compare.ts";
import type { Decided } from "./shared-labels.ts";

export interface Described {
  readonly pair: Pair;
  readonly comparison: Comparison;
  readonly set: LabelSet;
  readonly examples: readonly Example[];
  readonly decided: readonly [candidate: Decided, baseline: Decided];
  readonly names: readonly [candidate: string, baseline: string];
}

const shownLabels = 10;
const shownQuestions = 5;

const verdicts = {
  better: "is better than",
  no_difference: "is neither better nor worse, for certain, than",
  worse: "is worse than",
} as const;

/** What was found, for a terminal: the figures, the labels and some questions on which the two differ. */
export function describe({ pair, comparison, set, examples, decided, names }: Described): string {
  const [candidate, baseline] = names;
  const { questions, micro_f1, weighted_f1, verdict } = comparison;
  return [
    `${candidate} ${verdicts[verdict]} ${baseline}: ${questions} questions, ${set.labels.length} labels`,
    "",
    figure("micro F1", micro_f1),
    figure("weighted F1", weighted_f1),
    "",
    "Labels that differ most (F1; p corrected for their number):",
    ...compareLabels(pair)
      .slice(0, shownLabels)
      .map((one) => `  ${(set.labels[one.label] ?? "").padEnd(24)} ${shares(one)}  p ${inWords(one.p)}`),
    ...questionsOnWhich({ set, examples, ours: decided[0], theirs: decided[1] }, `Only ${candidate} is right`),
    ...questionsOnWhich({ set, examples, ours: decided[1], theirs: decided[0] }, `Only ${baseline} is right`),
  ].join("\n");
}

function figure(name: string, { candidate, baseline, interval: [least, most], p }: ComparedFigure): string {
  const difference = `${signed(candidate - baseline)} (95 %: ${signed(least)} to ${signed(most)})`;
  return `  ${name.padEnd(12)} ${shares({ candidate, baseline })}  ${difference}, p ${inWords(p)}`;
}

const shares = ({ candidate, baseline }: { candidate: number; baseline: number }) =>
  `${candidate.toFixed(4)} against ${baseline.toFixed(4)}`;
const signed = (value: number) => `${value < 0 ? "" : "+"}${value.toFixed(4)}`;
const inWords = (p: number) => (p < 0.001 ? "< .001" : `= ${p.toFixed(3)}`);

interface Sides {
  readonly set: LabelSet;
  readonly examples: readonly Example[];
  readonly ours: Decided;
  readonly theirs: Decided;
}

/** Those of which one model says all tags and no other, and the other one doesn't. */
function questionsOnWhich({ set, examples, ours, theirs }: Sides, heading: string): string[] {
  const found = ours.rows.flatMap((row, at) => {
    const example = examples[row];
    const truth = new Set(example?.tags.filter((tag) => set.labels.includes(tag)));
    const isRight = (tags: readonly string[]) => tags.length === truth.size && tags.every((tag) => truth.has(tag));
    const [tags = [], others = []] = [ours.tags[at], theirs.tags[at]];
    if (!example || !isRight(tags) || isRight(others)) return [];
    return [`  ${example.question.title}\n    ${tags.join(" ")}; the other: ${others.join(" ") || "none"}`];
  });
  if (found.length === 0) return [];
  return ["", `${heading} (${found.length} questions):`, ...found.slice(0, shownQuestions)];
}
