import { CloudWatchClient, type MetricStat } from "@aws-sdk/client-cloudwatch";
import { TrialFigures } from "@tagsmith/inference/trial-figures";
import { EmfReporter } from "@tagsmith/operations/emf";
import { Registry } from "prom-client";
import { expect, it } from "vitest";
import { awsServer } from "../../test/aws-server.ts";
import { CloudWatchSource } from "./cloudwatch-source.ts";
import { parseMetrics } from "./prometheus.ts";
import { serviceTrial } from "./service-trial.ts";

const names = { loadBalancer: "app/1", targetGroup: "targetgroup/2", cluster: "c", service: "s", stage: "prod" };
const startedAt = Date.UTC(2026, 0, 1, 12, 0, 30);
const firstCounted = Date.UTC(2026, 0, 1, 12, 2);
const hourMs = 3_600_000;

interface EmfLine {
  readonly at: number;
  readonly _aws: { readonly CloudWatchMetrics: { readonly Dimensions: string[][] }[] };
  readonly [member: string]: unknown;
}

/** What a task writes at a moment that has measured this. */
async function reportOf(at: number, registry: Registry): Promise<EmfLine[]> {
  const lines: EmfLine[] = [];
  const write = (line: string) => lines.push({ ...(JSON.parse(line) as EmfLine), at });
  await new EmfReporter({ registry, stage: "prod", write, onError: () => undefined }).close();
  return lines;
}

type Told = number | { readonly Values: readonly number[]; readonly Counts: readonly number[] };

/** CloudWatch's statistics over what was told of a metric. */
function statistic(stat: string, told: readonly Told[]): number {
  const [, most = Infinity] = (/^TC\(:(.*)\)$/.exec(stat) ?? []).map(Number);
  return told
    .map((one) => (typeof one === "number" ? { Values: [one], Counts: [1] } : one))
    .flatMap(({ Values, Counts }) => Values.map((value, index) => ({ value, count: Counts[index] ?? 0 })))
    .filter(({ value }) => value <= most)
    .reduce((sum, { value, count }) => sum + (stat === "Sum" ? value * count : count), 0);
}

/** CloudWatch after these reports, and a source that asks it at this time. */
async function cloudWatch(lines: readonly EmfLine[], now: number) {
  const aws = await awsServer(({ input }) => {
    const [from, to] = [Number(input["StartTime"]) * 1_000, Number(input["EndTime"]) * 1_000];
    const queries = input["MetricDataQueries"] as { Id: string; MetricStat: MetricStat }[];
    const MetricDataResults = queries.map(({ Id, MetricStat: { Metric, Stat = "", Period = 0 } }) => {
      expect(from + Period * 1_000).toBeGreaterThanOrEqual(to);
      const wanted = new Map(Metric?.Dimensions?.map(({ Name = "", Value }) => [Name, Value]));
      const told = lines
        .filter(({ at }) => at >= from && at < to)
        .filter(({ _aws }) =>
          _aws.CloudWatchMetrics[0]?.Dimensions.some((set) => set.join() === [...wanted.keys()].join()),
        )
        .filter((line) => [...wanted].every(([name, value]) => line[name] === value))
        .flatMap((line) => (line[Metric?.MetricName ?? ""] as Told | undefined) ?? []);
      const points = told.length > 0 ? { Timestamps: [from / 1_000], Values: [statistic(Stat, told)] } : {};
      return { Id, Label: Id, StatusCode: "Complete", ...points };
    });
    return { body: { MetricDataResults } };
  });
  const clock = { now };
  const source = new CloudWatchSource({ names, client: new CloudWatchClient(aws.client), now: () => clock.now });
  const read = async (since = startedAt) => {
    const result = await source.readTrial(since);
    if (!result.ok) throw new Error(result.reason);
    return result.figures;
  };
  return { aws, clock, read };
}

/** The service's own figures of a trial, in which so many were answered. */
function trialWith(answered: number) {
  const registry = new Registry();
  const figures = new TrialFigures(registry);
  for (let count = 0; count < answered; count++) figures.answered("candidate", 0.004, [Float32Array.of(0.8)]);
  return { registry, figures };
}

/** What a task measures in a trial, each its own. */
function measure(figures: TrialFigures, task: number): void {
  for (let asked = 0; asked < 40 * task; asked++) {
    figures.answered("current", 0.0003 * (asked % 7), [Float32Array.of(0.02, (asked % 10) / 10)]);
    figures.answered("candidate", 0.02 * (asked % 11), [Float32Array.of(0.02 * task), Float32Array.of(0)]);
    figures.compared({ sameTags: asked % 2, sameFirst: 1, overlap: 0.25, difference: 0.5 });
  }
  figures.answered("candidate", 9, [Float32Array.of(0.52)]);
  figures.failed("candidate");
  figures.busy();
  figures.dropped();
}

it("tells of a trial, of all tasks together, what one that had answered everything would tell of itself", async () => {
  const everything = trialWith(0);
  const lines = [];
  for (const task of [1, 2, 3]) {
    const own = trialWith(0);
    measure(own.figures, task);
    measure(everything.figures, task);
    lines.push(...(await reportOf(firstCounted + task * 60_000, own.registry)));
  }
  const { read } = await cloudWatch(lines, startedAt + hourMs);
  const measured = { since: new Date(firstCounted).toISOString(), refreshMs: 60_000 };
  const told = serviceTrial(parseMetrics(await everything.registry.metrics()), measured);
  expect(told).toMatchObject({ compared: 240, candidate: { answered: 243, failed: 3, busy: 3 } });
  expect(await read()).toEqual({ ...told, origin: "cloudwatch" });
});

it("leaves out what may still be of the trial before", async () => {
  const lines = [
    ...(await reportOf(startedAt - 1, trialWith(1_000).registry)),
    ...(await reportOf(startedAt + 59_000, trialWith(100).registry)), // of a minute in which the task still tried another
    ...(await reportOf(firstCounted, trialWith(10).registry)),
  ];
  const { read } = await cloudWatch(lines, startedAt + hourMs);
  expect(await read()).toMatchObject({ since: "2026-01-01T12:02:00.000Z", candidate: { answered: 10 } });
});

it("asks nothing while nothing can be told yet", async () => {
  const { aws, read } = await cloudWatch([], startedAt + 20_000);
  expect(await read()).toMatchObject({ candidate: { answered: 0, p95: undefined }, compared: 0 });
  expect(aws.calls).toEqual([]);
});

it("asks once a minute however many look, and at once for another trial", async () => {
  const { aws, clock, read } = await cloudWatch([], startedAt + hourMs);
  await Promise.all([read(), read()]);
  clock.now += 59_000;
  await read();
  expect(aws.calls).toHaveLength(1);
  await read(startedAt + 1);
  clock.now += 60_000;
  await read(startedAt + 1);
  expect(aws.calls).toHaveLength(3);
});

it.each([16, 100])("after %i days it asks by the hour, for CloudWatch forgets the minutes", async (days) => {
  const lines = await reportOf(startedAt + 2 * hourMs, trialWith(7).registry);
  const { aws, read } = await cloudWatch(lines, startedAt + days * 24 * hourMs);
  expect(await read()).toMatchObject({ since: "2026-01-01T13:00:00.000Z", candidate: { answered: 7 } });
  const periods = (aws.calls[0]?.input["MetricDataQueries"] as { MetricStat: MetricStat }[]).map(
    ({ MetricStat: { Period = 0 } }) => Period % 3_600,
  );
  expect(new Set(periods)).toEqual(new Set([0]));
});
