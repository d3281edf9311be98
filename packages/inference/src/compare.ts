import type { Manifest } from "@tagsmith/model-bundle/manifest";
import { toTagging } from "./tagging.ts";

export interface Answer {
  readonly manifest: Manifest;
  readonly probabilities: Float32Array;
}

/** How near two models' answers to one question are; each 0 to 1. */
export interface Comparison {
  /** 1 where the same tags were given, in whatever order. */
  readonly sameTags: number;
  /** 1 where both are surest of the same label. */
  readonly sameFirst: number;
  /** Jaccard's index: of the tags that either gave, the share that both did. */
  readonly overlap: number;
  /** Mean of the differences between the probabilities of each label; one that a model doesn't know has none there. */
  readonly difference: number;
}

export function compare(one: Answer, other: Answer): Comparison {
  const ours = toTagging(one.manifest, one.probabilities);
  const theirs = toTagging(other.manifest, other.probabilities);
  const both = ours.tags.filter((tag) => theirs.tags.includes(tag)).length;
  const either = ours.tags.length + theirs.tags.length - both;
  return {
    sameTags: Number(both === either),
    sameFirst: Number(ours.predictions[0]?.tag === theirs.predictions[0]?.tag),
    overlap: either === 0 ? 1 : both / either,
    difference: meanDifference(one, other),
  };
}

function meanDifference(one: Answer, other: Answer): number {
  const [ours, theirs] = [byLabel(one), byLabel(other)];
  const labels = new Set([...ours.keys(), ...theirs.keys()]);
  let sum = 0;
  for (const label of labels) sum += Math.abs((ours.get(label) ?? 0) - (theirs.get(label) ?? 0));
  return sum / Math.max(1, labels.size);
}

const byLabel = ({ manifest, probabilities }: Answer) =>
  new Map(manifest.labels.map((label, place) => [label, probabilities[place] ?? 0]));
