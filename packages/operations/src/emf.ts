import type { MetricObjectWithValues, MetricValueWithName, Registry } from "prom-client";
import { spreadOver } from "./emf-histogram.ts";

const namespace = "Tagsmith";
const periodMs = 60_000;

/** CloudWatch's, of one line. */
const mostMetrics = 100;

/** Each is paid for. What a model with thousands of tags has beyond this is in the stage's total alone. */
const mostSeries = 100;

/** Of what Node itself measures; a program may put its name before. */
const nodeMetric = /^([a-z]+_)?(nodejs_eventloop_lag_p99_seconds|process_resident_memory_bytes)$/;

/** CloudWatch takes no other dimension. */
const dimension = /^(?!:)(?=.*[!-~])[ -~]{1,1024}$/;

type Labels = Readonly<Record<string, string | number>>;

/** A value, or how often each value came. */
export type Reported = number | { readonly Values: readonly number[]; readonly Counts: readonly number[] };

interface Series {
  readonly labels: Labels;
  readonly value: Reported;
  readonly weight: number;
}

interface Options {
  readonly registry: Pick<Registry, "getMetricsAsJSON">;
  readonly stage: string;
  readonly write: (line: string) => void;
  /** Told why a report was left out. */
  readonly onError: (error: unknown) => void;
}

/**
 * A registry's metrics, once a minute, as lines in CloudWatch's embedded metric format: counters and histograms as what
 * came since the last report, gauges as they are, each for the whole stage and, where it has labels, by them too.
 */
export class EmfReporter {
  readonly #options: Options;
  /** What counters and histograms stood at, at the last report. One that wasn't there then begins anew. */
  #before: ReadonlyMap<string, number> = new Map();
  #standing = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;

  constructor(options: Options) {
    this.#options = options;
    this.#timer = setInterval(() => void this.report().catch(options.onError), periodMs).unref();
  }

  async report(): Promise<void> {
    const metrics = await this.#options.registry.getMetricsAsJSON();
    const lines = new Map<string, { labels: Labels; values: [string, Reported][] }>();
    for (const { name, type, values } of metrics as MetricObjectWithValues<MetricValueWithName<string>>[]) {
      if (!name.startsWith("tagsmith_") && !nodeMetric.test(name)) continue;
      for (const { labels, value } of affordable(this.#seriesOf(name, String(type), values))) {
        const key = JSON.stringify(labels);
        const line = lines.get(key) ?? { labels, values: [] };
        lines.set(key, line);
        line.values.push([name, value]);
      }
    }
    this.#before = this.#standing;
    this.#standing = new Map();
    for (const { labels, values } of lines.values()) {
      for (let from = 0; from < values.length; from += mostMetrics) {
        this.#write(labels, values.slice(from, from + mostMetrics));
      }
    }
  }

  /** Reports for the last time. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.report();
  }

  #seriesOf(name: string, type: string, values: readonly MetricValueWithName<string>[]): Series[] {
    if (type === "histogram") return spreadOver(values, (key, count) => this.#since(`${name} ${key}`, count));
    return values.flatMap(({ labels, value: stands }) => {
      const value = type === "counter" ? this.#since(`${name} ${JSON.stringify(labels)}`, stands) : stands;
      if (!Number.isFinite(value) || (type === "counter" && value === 0)) return [];
      return { labels: labels as Labels, value, weight: value };
    });
  }

  #since(key: string, stands: number): number {
    const before = this.#before.get(key) ?? 0;
    this.#standing.set(key, stands);
    return stands < before ? stands : stands - before; // one that fell began anew, as a trial's figures do
  }

  #write(labels: Labels, values: readonly [string, Reported][]): void {
    const { stage, write } = this.#options;
    const names = Object.keys(labels);
    const Dimensions = [["stage"], ...(names.length > 0 ? [["stage", ...names]] : [])];
    const Metrics = values.map(([Name]) => ({ Name, Unit: unitOf(Name) }));
    const _aws = { Timestamp: Date.now(), CloudWatchMetrics: [{ Namespace: namespace, Dimensions, Metrics }] };
    const texts = Object.fromEntries(names.map((label) => [label, String(labels[label])]));
    write(`${JSON.stringify({ _aws, stage, ...texts, ...Object.fromEntries(values) })}\n`);
  }
}

/** The greatest by their labels, and the sum of the others without. */
function affordable(series: readonly Series[]): Series[] {
  const isDimension = ({ labels }: Series) => Object.values(labels).every((label) => dimension.test(String(label)));
  const named = series.filter(isDimension).sort((a, b) => b.weight - a.weight);
  const kept = named.slice(0, mostSeries);
  const others = [...named.slice(mostSeries), ...series.filter((one) => !isDimension(one))];
  const sum = others.reduce((total, { value }) => total + (typeof value === "number" ? value : 0), 0);
  return sum === 0 ? kept : [...kept, { labels: {}, value: sum, weight: sum }];
}

function unitOf(name: string): "Seconds" | "Bytes" | "Count" | "None" {
  if (name.endsWith("_seconds")) return "Seconds";
  if (name.endsWith("_bytes")) return "Bytes";
  return name.endsWith("_total") ? "Count" : "None";
}
