import { bands, drift, ranked, sum, type Figures, type Moment } from "../../app/dashboard/figures.ts";
import { increase, quantile, type Reading, type Tally } from "./reading.ts";

/** Over the readings, oldest first; undefined without any. */
export function figuresOf(readings: readonly Reading[], refreshMs: number): Figures | undefined {
  const [first, last] = [readings[0], readings.at(-1)];
  if (!first || !last) return undefined;
  const moments = readings.slice(1).map((reading, index) => momentOf(readings[index] ?? first, reading));
  return {
    origin: "service",
    at: last.at,
    refreshMs,
    windowMinutes: Math.ceil((last.at - first.at) / 60_000),
    moments,
    statuses: ranked(increase(first.statuses, last.statuses)),
    queue: { waiting: last.waiting, inFlight: last.inFlight },
    tags: ranked(increase(first.tags, last.tags)),
    confidence: drift(
      inBands(increase(first.confidences, last.confidences)),
      inBands(first.confidences),
      "since the service started until then",
    ),
  };
}

function momentOf(before: Reading, after: Reading): Moment {
  const seconds = Math.max(0.001, (after.at - before.at) / 1_000);
  const statuses = [...increase(before.statuses, after.statuses)];
  const durations = increase(before.durations, after.durations);
  return {
    at: after.at,
    requests: sum(statuses.map(([, count]) => count)) / seconds,
    errors: sum(statuses.map(([status, count]) => (Number(status) >= 500 ? count : 0))) / seconds,
    p50: quantile(durations, 0.5),
    p95: quantile(durations, 0.95),
    p99: quantile(durations, 0.99),
    waiting: after.waiting,
  };
}

const inBands = (counts: Tally) => bands.map((band) => counts.get(band) ?? 0);
