import type { MetricValueWithName } from "prom-client";

type Labels = Readonly<Record<string, string | number>>;

/** A histogram with one set of labels. */
interface Histogram {
  readonly labels: Labels;
  /** Upper bounds, ascending, and how many values lie at or below each. */
  readonly bounds: number[];
  readonly counts: number[];
  sum: number;
}

interface Spread {
  readonly labels: Labels;
  readonly value: { readonly Values: readonly number[]; readonly Counts: readonly number[] };
  readonly weight: number;
}

/**
 * Prometheus's histograms as CloudWatch's: a value for each bucket, chosen so that sums come out near the truth and
 * percentiles within the right bucket. `since` tells how much came to a figure since the last report.
 */
export function spreadOver(
  values: readonly MetricValueWithName<string>[],
  since: (key: string, stands: number) => number,
): Spread[] {
  return [...histogramsOf(values)].flatMap(([key, { labels, bounds, counts, sum }]) => {
    const atOrBelow = counts.map((count, index) => since(`${key} ${String(bounds[index])}`, count));
    const news = atOrBelow.map((count, index) => count - (atOrBelow[index - 1] ?? 0));
    const newSum = since(`${key} sum`, sum);
    const middles = bounds.map((bound, index) => middleOf(bounds[index - 1] ?? 0, bound));
    const middleSum = news.reduce((total, count, index) => total + count * (middles[index] ?? 0), 0);
    const stretch = middleSum > 0 ? newSum / middleSum : 1;
    const within = (middle: number, index: number) =>
      Math.min(bounds[index] ?? Infinity, Math.max(above(bounds[index - 1] ?? 0), middle * stretch));
    const filled = [...news.keys()].filter((index) => (news[index] ?? 0) > 0);
    if (filled.length === 0) return [];
    const Values = filled.map((index) => Number(within(middles[index] ?? 0, index).toPrecision(6)));
    return {
      labels,
      value: { Values, Counts: filled.map((index) => news[index] ?? 0) },
      weight: atOrBelow.at(-1) ?? 0,
    };
  });
}

function histogramsOf(values: readonly MetricValueWithName<string>[]): Map<string, Histogram> {
  const found = new Map<string, Histogram>();
  for (const { metricName = "", labels, value } of values) {
    const { le, ...others } = labels as Record<string, string | number>;
    const key = JSON.stringify(others);
    const histogram = found.get(key) ?? { labels: others, bounds: [], counts: [], sum: 0 };
    found.set(key, histogram);
    if (metricName.endsWith("_sum")) histogram.sum = value;
    if (!metricName.endsWith("_bucket")) continue;
    histogram.bounds.push(le === "+Inf" ? Infinity : Number(le));
    histogram.counts.push(value);
  }
  return found;
}

/** A bucket's lower bound itself belongs to the one below. */
const above = (bound: number) => bound * 1.01;

const middleOf = (low: number, high: number) => (high === Infinity ? low : (low + high) / 2);
