import { secondsAMoment } from "./cloudwatch-queries.ts";
import { bands, drift, ranked, sum, type Figures, type Moment } from "../../app/dashboard/figures.ts";

/** What one query, or one metric that a search found, came to. */
export interface Series {
  readonly id: string;
  readonly label: string;
  readonly points: readonly { readonly at: number; readonly value: number }[];
}

interface Answers {
  /** Of the last hour, by the minute. */
  readonly moments: readonly Series[];
  /** Of the last 25 hours. */
  readonly answers: readonly Series[];
}

const minutes = 60;

export function cloudWatchFigures(
  { moments, answers }: Answers,
  { at, refreshMs }: Pick<Figures, "at" | "refreshMs">,
): Figures {
  const hourAgo = at - minutes * 60_000;
  const isNow = (point: Series["points"][number]) => point.at >= hourAgo;
  const confidences = answers.filter(({ id }) => id === "confidences");
  const inBands = (counts: (point: Series["points"][number]) => boolean) =>
    bands.map((band) =>
      total(
        confidences.find(({ label }) => label === band),
        counts,
      ),
    );
  const waiting = newest(moments, "waiting");
  return {
    origin: "cloudwatch",
    at,
    refreshMs,
    windowMinutes: minutes,
    moments: momentsOf(moments),
    statuses: ranked(
      moments
        .filter(({ id }) => id.startsWith("status_"))
        .map((series) => [series.id.slice("status_".length), total(series)] as const),
    ),
    queue: waiting === undefined ? undefined : { waiting, inFlight: newest(moments, "in_flight") },
    tags: ranked(
      answers.filter(({ id }) => id === "tags").map((series) => [series.label, total(series, isNow)] as const),
    ),
    confidence:
      confidences.length === 0
        ? undefined
        : drift(
            inBands(isNow),
            inBands((point) => !isNow(point)),
            "of the 24 hours before",
          ),
    load: { cpu: share(newest(moments, "cpu")), memory: share(newest(moments, "memory")) },
  };
}

/** A minute without a request has no figures in CloudWatch: it is drawn as the quiet that it was. */
function momentsOf(series: readonly Series[]): Moment[] {
  const at = (id: string) => new Map(series.find((one) => one.id === id)?.points.map(({ at, value }) => [at, value]));
  const [requests, errors, p50, p95, p99, waiting] = [
    at("requests"),
    at("status_5xx"),
    at("p50"),
    at("p95"),
    at("p99"),
    at("waiting"),
  ];
  const inMs = (seconds: number | undefined) => (seconds === undefined ? undefined : seconds * 1_000);
  const times = [...new Set(series.flatMap(({ points }) => points.map((point) => point.at)))].sort((a, b) => a - b);
  return times.map((time) => ({
    at: time,
    requests: (requests.get(time) ?? 0) / secondsAMoment,
    errors: (errors.get(time) ?? 0) / secondsAMoment,
    p50: inMs(p50.get(time)),
    p95: inMs(p95.get(time)),
    p99: inMs(p99.get(time)),
    waiting: waiting.get(time),
  }));
}

const total = (series: Series | undefined, counts: (point: Series["points"][number]) => boolean = () => true) =>
  sum((series?.points ?? []).filter(counts).map(({ value }) => value));

const newest = (series: readonly Series[], id: string) => series.find((one) => one.id === id)?.points.at(-1)?.value;

const share = (percent: number | undefined) => (percent === undefined ? undefined : percent / 100);
