import type { Manifest } from "@tagsmith/model-bundle/manifest";
import type { ModelMetadata, Tagging } from "./schemas.ts";

/** How many of the most confident labels an answer lists beside the tags. */
const listed = 10;

/** Probabilities to an answer: tags at or above their threshold and the most confident labels, both best first. */
export function toTagging({ labels, thresholds }: Manifest, probabilities: Float32Array): Tagging {
  // Both in single precision: of 0.9 it holds a little less, which is at a threshold of 0.9 all the same.
  const isChosen = (label: number) => (probabilities[label] ?? 0) >= Math.fround(thresholds[label] ?? 1);
  const tagOf = (label: number) => labels[label] ?? "";
  const least = leastListed(probabilities);
  const candidates: number[] = [];
  for (let label = 0; label < labels.length; label++) {
    if ((probabilities[label] ?? 0) >= least || isChosen(label)) candidates.push(label);
  }
  candidates.sort((a, b) => (probabilities[b] ?? 0) - (probabilities[a] ?? 0));
  return {
    tags: candidates.filter(isChosen).map(tagOf),
    predictions: candidates
      .filter((label, rank) => rank < listed || isChosen(label))
      .map((label) => ({ tag: tagOf(label), confidence: probabilities[label] ?? 0 })),
  };
}

const greatest = new Float32Array(listed);

/** The probability of the last label that is listed for its confidence; sorting all of them would cost ten times as much. */
function leastListed(probabilities: Float32Array): number {
  greatest.fill(-Infinity);
  for (const probability of probabilities) {
    if (probability <= (greatest[listed - 1] ?? 0)) continue;
    let rank = listed - 1;
    for (; rank > 0 && probability > (greatest[rank - 1] ?? 0); rank--) greatest[rank] = greatest[rank - 1] ?? 0;
    greatest[rank] = probability;
  }
  return greatest[listed - 1] ?? 0;
}

export function toMetadata({ name, version, description, training_data }: Manifest): ModelMetadata {
  return { name, version, description, training_data };
}
