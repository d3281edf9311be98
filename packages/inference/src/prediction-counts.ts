import type { Manifest } from "@tagsmith/model-bundle/manifest";
import { Counter, type Registry } from "prom-client";
import type { Tagging } from "./schemas.ts";
import { toTagging } from "./tagging.ts";

type Labels = Pick<Manifest, "labels">;

/** Bands of confidence of equal width. */
const bandCount = 10;

/**
 * What models answer: how often each tag was given, and how sure they were of their first guess. A prediction costs a few
 * additions; names are put to the counts when somebody reads them.
 */
export class PredictionCounts {
  /** Two may answer in turn: during a trial for days, after a swap for a moment. */
  #latest = new TagCounts({ labels: [] });
  #other = new TagCounts({ labels: [] });
  readonly #byBand = new Float64Array(bandCount);
  /** Of the models before these. */
  #earlier: ReadonlyMap<string, number> = new Map();

  count(manifest: Labels, { tags, predictions: [first] }: Tagging): void {
    if (manifest !== this.#latest.manifest) this.#countFor(manifest);
    for (const tag of tags) this.#latest.count(tag);
    increment(this.#byBand, Math.min(bandCount - 1, Math.floor((first?.confidence ?? 0) * bandCount)));
  }

  /** Tags given, of all models together; a tag that never was is left out. */
  byTag(): ReadonlyMap<string, number> {
    return this.#other.addTo(this.#latest.addTo(this.#earlier));
  }

  /** Questions answered, by the band of the first guess's confidence in per cent, as `80-90`. */
  byConfidence(): ReadonlyMap<string, number> {
    const width = 100 / bandCount;
    return new Map(Array.from(this.#byBand, (count, band) => [`${band * width}-${(band + 1) * width}`, count]));
  }

  #countFor(manifest: Labels): void {
    const next = this.#other;
    this.#other = this.#latest;
    this.#latest = next;
    if (next.manifest === manifest) return;
    this.#earlier = next.addTo(this.#earlier);
    this.#latest = new TagCounts(manifest);
  }
}

/** How often one model gave each of its tags. */
class TagCounts {
  readonly manifest: Labels;
  readonly #places: ReadonlyMap<string, number>;
  readonly #byPlace: Float64Array;

  constructor(manifest: Labels) {
    this.manifest = manifest;
    this.#places = new Map(manifest.labels.map((label, place) => [label, place]));
    this.#byPlace = new Float64Array(manifest.labels.length);
  }

  count(tag: string): void {
    increment(this.#byPlace, this.#places.get(tag) ?? 0);
  }

  addTo(totals: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
    const sums = new Map(totals);
    for (const [tag, place] of this.#places) {
      const count = this.#byPlace[place] ?? 0;
      if (count > 0) sums.set(tag, (sums.get(tag) ?? 0) + count);
    }
    return sums;
  }
}

function increment(counts: Float64Array, place: number): void {
  counts[place] = (counts[place] ?? 0) + 1;
}

/** Of this process. */
const counts = new PredictionCounts();

/** The answer to a question that somebody asked, which is counted. */
export function toCountedTagging(manifest: Manifest, probabilities: Float32Array): Tagging {
  const tagging = toTagging(manifest, probabilities);
  counts.count(manifest, tagging);
  return tagging;
}

/** Shows this process's counts in a registry, or those given. */
export function showPredictions(registry: Registry, shown = counts): void {
  new Counter({
    name: "tagsmith_predictions_total",
    help: "Tags given, by tag. A question may get several or none.",
    labelNames: ["tag"],
    registers: [registry],
    collect() {
      this.reset();
      for (const [tag, count] of shown.byTag()) this.inc({ tag }, count);
    },
  });
  new Counter({
    name: "tagsmith_answers_total",
    help: "Questions answered, by how sure the model was of its first guess, in per cent.",
    labelNames: ["confidence"],
    registers: [registry],
    collect() {
      this.reset();
      for (const [confidence, count] of shown.byConfidence()) this.inc({ confidence }, count);
    },
  });
}
