import { type Example } from "./dataset.ts";
import { commonTags, type LabelSet } from "./labels.ts";
import { type Yardstick } from "./measure.ts";
import { type Scored } from "./metrics.ts";

interface AnsweredTitles {
  readonly examples: readonly Example[];
  readonly scored: Scored;
  readonly thresholds: readonly number[];
  readonly set: LabelSet;
}

/**
 * The same answers judged on the modern label track: the tags that are most common in `training` where sources keep all of a
 * question's tags, over the questions of such sources. A tag that the model hasn't learnt counts as never given. Undefined where all
 * sources keep all tags, for these are the labels that all of them observe, or none does.
 */
export function modernTrack(
  training: readonly Example[],
  { examples, scored, thresholds, set }: AnsweredTitles,
): { readonly scored: Scored; readonly yardstick: Yardstick } | undefined {
  if (training.every(({ tagsComplete }) => tagsComplete)) return undefined;
  const tags = commonTags(training);
  if (tags.length === 0) return undefined;
  const columns = tags.map((tag) => set.labels.indexOf(tag));
  const rows = examples.flatMap(({ tagsComplete }, row) => (tagsComplete ? [row] : []));
  const probabilityOf = (row: number, column: number) =>
    column < 0 ? 0 : (scored.probabilities[row * scored.labels + column] ?? 0);
  return {
    scored: {
      probabilities: Float32Array.from(rows.flatMap((row) => columns.map((column) => probabilityOf(row, column)))),
      targets: Int8Array.from(rows.flatMap((row) => tags.map((tag) => (examples[row]?.tags.includes(tag) ? 1 : -1)))),
      labels: tags.length,
      factors: scored.factors && Float32Array.from(rows, (row) => scored.factors?.[row] ?? 1),
    },
    yardstick: { thresholds: columns.map((column) => thresholds[column] ?? 1), columns: tags.length },
  };
}
