import type { Scrape } from "./prometheus.ts";

/** What the service's counters stood at, at a moment. */
export interface Reading {
  readonly at: number;
  /** Requests to the API, by status. */
  readonly statuses: Tally;
  /** The same, by the upper bound of their time in seconds, each with all shorter ones. */
  readonly durations: Tally;
  readonly tags: Tally;
  readonly confidences: Tally;
  readonly waiting: number;
  readonly inFlight: number;
}

export type Tally = ReadonlyMap<string, number>;

const durations = "tagsmith_request_duration_seconds_bucket";
const requests = "tagsmith_requests_total";

export function readingOf(scrape: Scrape, at: number): Reading {
  const tally = (name: string, label: string, samples = scrape.get(name) ?? []) => {
    const totals = new Map<string, number>();
    for (const { labels, value } of samples) {
      const key = labels[label];
      if (key !== undefined) totals.set(key, (totals.get(key) ?? 0) + value);
    }
    return totals;
  };
  const ofApi = (name: string) => scrape.get(name)?.filter(({ labels }) => labels["route"]?.startsWith("/api/"));
  const gauge = (name: string) => scrape.get(name)?.[0]?.value ?? 0;
  return {
    at,
    statuses: tally(requests, "status", ofApi(requests)),
    durations: tally(durations, "le", ofApi(durations)),
    tags: tally("tagsmith_predictions_total", "tag"),
    confidences: tally("tagsmith_answers_total", "confidence"),
    waiting: gauge("tagsmith_model_waiting"),
    inFlight: gauge("tagsmith_requests_in_flight"),
  };
}

/** What was counted in between. A counter that fell began anew with its process: what it stands at came since. */
export function increase(before: Tally, after: Tally): Tally {
  const began = [...before].some(([key, value]) => (after.get(key) ?? 0) < value);
  return new Map([...after].map(([key, value]) => [key, began ? value : value - (before.get(key) ?? 0)]));
}

/**
 * The time, in milliseconds, that this share of the requests took at most: between two bounds of the histogram, as if they
 * lay there evenly. Undefined where nothing was asked. The bounds ascend, as prom-client writes them.
 */
export function quantile(durations: Tally, share: number): number | undefined {
  const bounds = [...durations].map(([bound, count]) => ({ seconds: toSeconds(bound), count }));
  const total = bounds.at(-1)?.count ?? 0;
  if (total === 0) return undefined;
  const rank = share * total;
  const index = bounds.findIndex(({ count }) => count >= rank);
  const { seconds: upper = Infinity, count: upTo = total } = bounds[index] ?? {};
  const { seconds: lower = 0, count: below = 0 } = bounds[index - 1] ?? {};
  if (upper === Infinity) return lower * 1_000; // longer than the last bound: how much isn't known
  return (lower + ((upper - lower) * (rank - below)) / (upTo - below)) * 1_000;
}

const toSeconds = (bound: string) => (bound === "+Inf" ? Infinity : Number(bound));
