import type { Manifest } from "@tagsmith/model-bundle/manifest";
import type { ModelMetadata, Prediction, Tagging } from "./schemas.ts";

/** How many of the most confident labels an answer lists beside the tags. */
const listed = 10;

/** Probabilities to an answer: tags at or above their threshold and the most confident labels, both best first. */
export function toTagging(manifest: Manifest, probabilities: Float32Array): Tagging {
  const ranked: (Prediction & { chosen: boolean })[] = manifest.labels.map((tag, label) => {
    const confidence = probabilities[label] ?? 0;
    return { tag, confidence, chosen: confidence >= (manifest.thresholds[label] ?? 1) };
  });
  ranked.sort((a, b) => b.confidence - a.confidence);
  return {
    tags: ranked.filter(({ chosen }) => chosen).map(({ tag }) => tag),
    predictions: ranked
      .filter(({ chosen }, rank) => chosen || rank < listed)
      .map(({ tag, confidence }) => ({ tag, confidence })),
  };
}

export function toMetadata({ name, version, description, training_data }: Manifest): ModelMetadata {
  return { name, version, description, training_data };
}
