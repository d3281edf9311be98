import { type Example } from "./dataset.ts";

/** What the model learns to tell: first the tags that every source observes, then newer ones. */
export interface LabelSet {
  readonly labels: readonly string[];
  /** So many of the first labels are observed by every source; the rest only where tags are complete. */
  readonly observedCount: number;
}

const COMMON = 100;

/**
 * The tags of the sources that cut tags to a list of their own (or the 100 most frequent, if none does), and every other tag
 * with at least `minPositives` training questions in the unbiased sources whose tags are complete.
 */
export function chooseLabels(examples: readonly Example[], minPositives: number): LabelSet {
  const counts = countTags(examples);
  const listed = new Set(examples.filter(({ tagsComplete }) => !tagsComplete).flatMap(({ tags }) => tags));
  const observed = listed.size > 0 ? [...listed] : mostFrequent(counts);
  const known = new Set(observed);
  const more = [...counts].filter(([tag, count]) => count >= minPositives && !known.has(tag)).map(([tag]) => tag);
  return { labels: [...observed.toSorted(), ...more.toSorted()], observedCount: observed.length };
}

/** `targets[row * labels + label]`: 1 the question has the tag, -1 it has not, 0 its source could not or did not tell. */
export function targetsOf(examples: readonly Example[], { labels, observedCount }: LabelSet): Int8Array {
  const columns = new Map(labels.map((label, column) => [label, column]));
  const targets = new Int8Array(new SharedArrayBuffer(examples.length * labels.length));
  examples.forEach(({ tags, tagsComplete, rejected }, row) => {
    const begin = row * labels.length;
    const set = (names: readonly string[], target: 1 | -1) => {
      for (const name of names) {
        const column = columns.get(name);
        if (column !== undefined) targets[begin + column] = target;
      }
    };
    if (rejected) set(rejected, -1);
    else targets.fill(-1, begin, begin + (tagsComplete ? labels.length : observedCount));
    set(tags, 1);
  });
  return targets;
}

/** The share of a question that certainly has a tag, and what stands where nobody can know. */
export const [WHOLE, UNKNOWN] = [254, 255];

/** `shares[row * labels + label]`: how likely the question has the tag, from 0 to `WHOLE`, or `UNKNOWN`. */
export function sharesOf(examples: readonly Example[], set: LabelSet): Uint8Array {
  const shares = new Uint8Array(new SharedArrayBuffer(examples.length * set.labels.length));
  targetsOf(examples, set).forEach((target, at) => (shares[at] = target === 0 ? UNKNOWN : target > 0 ? WHOLE : 0));
  examples.forEach(({ confidences }, row) => {
    if (!confidences) return;
    const opinion = set.labels.map((label) => Math.round(WHOLE * (confidences[label] ?? 0)));
    shares.set(opinion, row * set.labels.length);
  });
  return shares;
}

/** The 100 tags that are most common where sources keep all of them: what people ask about by now, whatever lists others cut tags to. */
export const commonTags = (examples: readonly Example[]): string[] => mostFrequent(countTags(examples));

/** In how many training questions of unbiased sources that keep all tags each of them is. */
function countTags(examples: readonly Example[]): Map<string, number> {
  const telling = examples.filter(({ split, core, tagsComplete }) => split === "train" && core && tagsComplete);
  const counts = new Map<string, number>();
  for (const tag of telling.flatMap(({ tags }) => [...new Set(tags)])) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return counts;
}

function mostFrequent(counts: ReadonlyMap<string, number>): string[] {
  const ranked = [...counts].sort(([tag, count], [other, others]) => others - count || (tag < other ? -1 : 1));
  return ranked.slice(0, COMMON).map(([tag]) => tag);
}
