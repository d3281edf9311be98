import type { MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import type { TrialFigures } from "../../app/dashboard/trial.ts";
import type { Series } from "./cloudwatch-figures.ts";
import { serviceQuery, type MetricNames } from "./cloudwatch-queries.ts";
import { trialFiguresOf, trialMetrics } from "./trial-figures.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** CloudWatch has figures by the minute for 15 days, and for longer by the hour. */
const keptByMinuteMs = 14 * 24 * hourMs;

/**
 * What CloudWatch is asked about of a trial. A task learns of a trial within seconds, and its report tells of the minute
 * before: what comes within a minute of the start may still be of an earlier trial, and is left out.
 */
export function trialSpan(startedAt: number, now: number) {
  const unitMs = now - startedAt < keptByMinuteMs ? minuteMs : hourMs;
  const from = Math.ceil((startedAt + minuteMs) / unitMs) * unitMs;
  const periodSeconds = (Math.ceil((now - from) / unitMs) * unitMs) / 1_000;
  return { from, periodSeconds };
}

type Labels = Readonly<Record<string, string>>;

const roles = ["current", "candidate"];
const counters: readonly (readonly [name: string, labels: Labels])[] = [
  ...roles.flatMap((role) =>
    ["answered", "failed", "busy"].map((outcome) => [trialMetrics.requests, { role, outcome }] as const),
  ),
  ...["compared", "dropped"].map((outcome) => [trialMetrics.comparisons, { outcome }] as const),
  ...["tags", "first", "overlap", "difference"].map((measure) => [trialMetrics.agreement, { measure }] as const),
];
/** Of the service's histograms: tasks report values between two bounds as one, and only there are counts exact. */
const bounds = {
  [trialMetrics.seconds]: [
    ...["0.0001", "0.00025", "0.0005", "0.001", "0.0025", "0.005", "0.01"],
    ...["0.025", "0.05", "0.1", "0.25", "0.5", "1", "5", "+Inf"],
  ],
  [trialMetrics.confidence]: ["0.5", "+Inf"],
};

const idOf = (name: string, labels: Labels) => [name, ...Object.values(labels)].join("_").replace(/\W/g, "_");

/** Each is one point for all the time, as CloudWatch's own dashboards ask for a single number. */
export function trialQueries({ stage }: MetricNames, periodSeconds: number): MetricDataQuery[] {
  const ask = (name: string, labels: Labels, asked: { readonly id: string; readonly stat: string }) =>
    serviceQuery(asked.id, { name, stat: asked.stat, dimensions: { stage, ...labels }, periodSeconds });
  return [
    ...counters.map(([name, labels]) => ask(name, labels, { id: idOf(name, labels), stat: "Sum" })),
    ...Object.entries(bounds).flatMap(([name, all]) =>
      roles.flatMap((role) =>
        all.map((bound) =>
          ask(
            name,
            { role },
            { id: idOf(name, { role, bound }), stat: bound === "+Inf" ? "SampleCount" : `TC(:${bound})` },
          ),
        ),
      ),
    ),
  ];
}

export function cloudWatchTrial(
  series: readonly Series[],
  { from, refreshMs }: { readonly from: number; readonly refreshMs: number },
): TrialFigures {
  const value = (id: string) => series.find((one) => one.id === id)?.points[0]?.value ?? 0;
  const figures = trialFiguresOf({
    count: (name, labels) => value(idOf(name, labels)),
    byBound: (name, role) => new Map(bounds[name].map((bound) => [bound, value(idOf(name, { role, bound }))])),
  });
  return { origin: "cloudwatch", since: new Date(from).toISOString(), refreshMs, ...figures };
}
