import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";
import { beforeEach, expect, it } from "vitest";
import { EmfReporter } from "./emf.ts";

interface Line {
  readonly _aws: {
    readonly Timestamp: number;
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
    }[];
  };
  readonly [member: string]: unknown;
}

const fail = (error: unknown) => {
  throw error;
};

let registry: Registry;
let lines: string[];
let reporter: EmfReporter;

beforeEach(() => {
  registry = new Registry();
  lines = [];
  reporter = new EmfReporter({ registry, stage: "prod", write: (line) => lines.push(line), onError: fail });
  return () => reporter.close();
});

/** What one report writes. */
async function report(): Promise<Line[]> {
  lines = [];
  await reporter.report();
  expect(lines.every((line) => line.indexOf("\n") === line.length - 1)).toBe(true);
  return lines.map((line) => JSON.parse(line) as Line);
}

const metricOf = ({ _aws: { CloudWatchMetrics } }: Line) => CloudWatchMetrics[0];
const counter = <Label extends string>(name: string, ...labelNames: Label[]) =>
  new Counter<Label>({ name, help: name, labelNames, registers: [registry] });

it("tells a metric for the whole stage and by its labels, under the name that /metrics has", async () => {
  counter("tagsmith_requests_total", "route", "status").inc({ route: "/bulk", status: 200 }, 3);
  const [line] = await report();
  expect(line).toMatchObject({ stage: "prod", route: "/bulk", status: "200", tagsmith_requests_total: 3 });
  expect(line && metricOf(line)).toEqual({
    Namespace: "Tagsmith",
    Dimensions: [["stage"], ["stage", "route", "status"]],
    Metrics: [{ Name: "tagsmith_requests_total", Unit: "Count" }],
  });
  expect(Math.abs((line?._aws.Timestamp ?? 0) - Date.now())).toBeLessThan(60_000);
});

it("tells of a counter what came since the last report, and nothing where nothing came", async () => {
  const swaps = counter("tagsmith_model_swaps_total");
  swaps.inc(5);
  expect(await report()).toMatchObject([{ tagsmith_model_swaps_total: 5 }]);
  swaps.inc(2);
  expect(await report()).toMatchObject([{ tagsmith_model_swaps_total: 2 }]);
  expect(await report()).toEqual([]);
});

it("tells of a counter that began anew what came since", async () => {
  const requests = counter("tagsmith_trial_requests_total");
  requests.inc(5);
  await report();
  requests.reset();
  requests.inc(2);
  expect(await report()).toMatchObject([{ tagsmith_trial_requests_total: 2 }]);
});

it("tells of a counter that was away what it stands at, though it stands higher than before", async () => {
  const requests = counter("tagsmith_trial_requests_total", "role");
  requests.inc({ role: "candidate" }, 5);
  await report();
  requests.reset();
  expect(await report()).toEqual([]);
  requests.inc({ role: "candidate" }, 7);
  expect(await report()).toMatchObject([{ tagsmith_trial_requests_total: 7 }]);
});

it("tells a gauge as it stands, each time, with others that have the same labels in one line", async () => {
  new Gauge({ name: "tagsmith_model_waiting", help: "w", registers: [registry] }).set(7);
  new Gauge({ name: "tagsmith_model_bytes", help: "b", registers: [registry] }).set(1_000);
  const told = { tagsmith_model_waiting: 7, tagsmith_model_bytes: 1_000 };
  expect(await report()).toMatchObject([told]);
  const [line] = await report();
  expect(line).toMatchObject(told);
  expect(line && metricOf(line)).toMatchObject({
    Dimensions: [["stage"]],
    Metrics: [{ Unit: "None" }, { Unit: "Bytes" }],
  });
});

it("tells of a histogram how many values came near which, so that CloudWatch knows percentiles", async () => {
  const run = new Histogram({ name: "tagsmith_run_seconds", help: "r", buckets: [1, 2, 4], registers: [registry] });
  for (const seconds of [0.4, 1.4, 1.8]) run.observe(seconds);
  const [line] = await report();
  expect(line?.["tagsmith_run_seconds"]).toEqual({ Values: [0.514286, 1.54286], Counts: [1, 2] });
  expect(line && metricOf(line)?.Metrics).toEqual([{ Name: "tagsmith_run_seconds", Unit: "Seconds" }]);
  run.observe(3);
  expect(await report()).toMatchObject([{ tagsmith_run_seconds: { Values: [3], Counts: [1] } }]);
  for (const seconds of [0, 9]) run.observe(seconds);
  expect(await report()).toMatchObject([{ tagsmith_run_seconds: { Values: [1, 8], Counts: [1, 1] } }]);
  expect(await report()).toEqual([]);
});

it("tells no value of a bucket as one of the bucket below, however small the others are", async () => {
  const confidence = new Histogram({ name: "tagsmith_c", help: "c", buckets: [0.5, 0.6], registers: [registry] });
  for (const value of [0.01, 0.01, 0.01, 0.55]) confidence.observe(value);
  const [line] = await report();
  expect(line?.["tagsmith_c"]).toEqual({ Values: [expect.any(Number), 0.505], Counts: [3, 1] });
});

it("tells the hundred greatest of many series by their labels, and all of them in the stage's sum", async () => {
  const given = counter("tagsmith_predictions_total", "tag");
  for (let tag = 1; tag <= 150; tag++) given.inc({ tag: `t${tag}` }, tag);
  const told = await report();
  const byTag = told.filter((line) => metricOf(line)?.Dimensions.length === 2);
  expect(byTag.map(({ tag }) => tag)).toEqual(Array.from({ length: 100 }, (_, index) => `t${150 - index}`));
  const valuesOf = (line: Line) => line["tagsmith_predictions_total"] as number;
  expect(told.map(valuesOf).reduce((sum, value) => sum + value)).toBe((150 * 151) / 2);
  expect(told).toHaveLength(101);
});

it.each(["größe", ":colon", " ", ""])(
  "counts what CloudWatch takes for no dimension in the stage's sum: %j",
  async (tag) => {
    counter("tagsmith_predictions_total", "tag").inc({ tag });
    const [line] = await report();
    expect(line).toMatchObject({ stage: "prod", tagsmith_predictions_total: 1 });
    expect(line && metricOf(line)?.Dimensions).toEqual([["stage"]]);
  },
);

it("never puts more into a line than CloudWatch reads", async () => {
  for (let metric = 0; metric < 230; metric++) counter(`tagsmith_${metric}_total`).inc();
  const told = await report();
  expect(told.map((line) => metricOf(line)?.Metrics.length)).toEqual([100, 100, 30]);
});

it("leaves out what Node measures, but for the event loop's lag and the memory", async () => {
  collectDefaultMetrics({ register: registry, prefix: "web_" });
  const names = (await report()).flatMap((line) => metricOf(line)?.Metrics.map(({ Name }) => Name) ?? []);
  expect(names.sort()).toEqual(["web_nodejs_eventloop_lag_p99_seconds", "web_process_resident_memory_bytes"]);
});

it("tells what is left when it is closed", async () => {
  counter("tagsmith_model_swaps_total").inc();
  await reporter.close();
  expect(lines.join("")).toContain('"tagsmith_model_swaps_total":1');
});
