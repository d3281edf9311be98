import type { Manifest } from "@tagsmith/model-bundle/manifest";
import { thresholdFactor } from "@tagsmith/model-bundle/threshold-factor";
import type { ModelMetadata, Tagging } from "./schemas.ts";

type Prediction = Tagging["predictions"][number];

/** How many of the most confident labels an answer lists beside the tags. */
const listed = 10;

/** Probabilities to an answer: tags that reach their threshold and the most confident labels, both best first. */
export function toTagging(manifest: Manifest, probabilities: Float32Array): Tagging {
  const { labels, thresholds } = manifest;
  const factor = thresholdFactor(manifest, probabilities);
  const least = leastListed(probabilities);
  const candidates: (Prediction & { isChosen: boolean })[] = [];
  for (let label = 0; label < labels.length; label++) {
    const confidence = probabilities[label] ?? 0;
    // Both in single precision: of 0.9 it holds a little less, which is at a threshold of 0.9 all the same.
    const isChosen = confidence >= Math.fround(factor * (thresholds[label] ?? 1));
    if (isChosen || confidence >= least) candidates.push({ tag: labels[label] ?? "", confidence, isChosen });
  }
  candidates.sort((one, other) => other.confidence - one.confidence);
  return {
    tags: candidates.filter(({ isChosen }) => isChosen).map(({ tag }) => tag),
    predictions: candidates
      .filter(({ isChosen }, rank) => isChosen || rank < listed)
      .map(({ tag, confidence }) => ({ tag, confidence })),
  };
}

const greatest = new Float32Array(listed);

/** The probability of the last label that is listed for its confidence; sorting all of them would cost ten times as much. */
function leastListed(probabilities: Float32Array): number {
  greatest.fill(-Infinity);
  let least = -Infinity;
  for (let label = 0; label < probabilities.length; label++) {
    const probability = probabilities[label] ?? 0;
    if (probability <= least) continue;
    let rank = listed - 1;
    for (; rank > 0 && probability > (greatest[rank - 1] ?? 0); rank--) greatest[rank] = greatest[rank - 1] ?? 0;
    greatest[rank] = probability;
    least = greatest[listed - 1] ?? 0;
  }
  return least;
}

export function toMetadata({ name, version, description, training_data }: Manifest): ModelMetadata {
  return { name, version, description, training_data };
}
