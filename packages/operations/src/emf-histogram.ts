import type { MetricValueWithName } from "prom-client";

/** A histogram's buckets with one set of labels. */
interface Buckets {
  readonly labels: Record<string, string | number>;
  /** Upper bounds, ascending, and how many values lie at or below each. */
  readonly bounds: number[];
  readonly counts: number[];
}

/**
 * Prometheus's histograms as CloudWatch's: each bucket by its middle, so that sums and percentiles come out near the
 * truth; what lies beyond the last bound, at that bound. `since` tells how much came to a count since the last report.
 */
export function spreadOver(
  values: readonly MetricValueWithName<string>[],
  since: (key: string, count: number) => number,
): { labels: Buckets["labels"]; value: { Values: number[]; Counts: number[] }; weight: number }[] {
  return [...bucketsOf(values)].flatMap(([key, { labels, bounds, counts }]) => {
    const news = counts.map((count, index) => since(`${key} ${String(bounds[index])}`, count));
    const inBucket = news.map((count, index) => count - (news[index - 1] ?? 0));
    const filled = [...inBucket.keys()].filter((index) => (inBucket[index] ?? 0) > 0);
    if (filled.length === 0) return [];
    const Values = filled.map((index) => middleOf(bounds, index));
    return { labels, value: { Values, Counts: filled.map((index) => inBucket[index] ?? 0) }, weight: news.at(-1) ?? 0 };
  });
}

function bucketsOf(values: readonly MetricValueWithName<string>[]): Map<string, Buckets> {
  const found = new Map<string, Buckets>();
  for (const { metricName = "", labels, value } of values) {
    if (!metricName.endsWith("_bucket")) continue;
    const { le, ...others } = labels as Record<string, string | number>;
    const key = JSON.stringify(others);
    const buckets = found.get(key) ?? { labels: others, bounds: [], counts: [] };
    found.set(key, buckets);
    buckets.bounds.push(le === "+Inf" ? Infinity : Number(le));
    buckets.counts.push(value);
  }
  return found;
}

function middleOf(bounds: readonly number[], index: number): number {
  const [low = 0, high = Infinity] = [bounds[index - 1], bounds[index]];
  return high === Infinity ? low : (low + high) / 2;
}
