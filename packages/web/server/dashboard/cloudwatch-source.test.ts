import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { EmfReporter } from "@tagsmith/operations/emf";
import { Counter, Gauge, Registry } from "prom-client";
import { afterEach, expect, it, vi } from "vitest";
import { awsServer } from "../../test/aws-server.ts";
import { CloudWatchSource } from "./cloudwatch-source.ts";

const names = {
  loadBalancer: "app/Ingress/1",
  targetGroup: "targetgroup/Inference/2",
  cluster: "Cluster",
  service: "Inference",
  stage: "prod",
};
const now = Date.UTC(2026, 0, 1, 12);
const minute = now / 1_000 - 60;
const yesterday = now / 1_000 - 20 * 3_600;

type Result = readonly [id: string, label: string, points: Readonly<Record<number, number>>];

const closers: (() => void)[] = [];
afterEach(() => closers.splice(0).forEach((close) => close()));

/** CloudWatch with these results, each told to the query of its id, from the time that is asked for, a page for each call. */
async function cloudWatch(...results: readonly Result[]) {
  const aws = await awsServer(({ input }) => {
    const asked = (input["MetricDataQueries"] as { Id: string }[]).map(({ Id }) => Id);
    const told = results
      .filter(([id]) => asked.includes(id))
      .map(([Id, Label, points]) => {
        const since = Object.entries(points).filter(([time]) => Number(time) >= Number(input["StartTime"]));
        const Timestamps = since.map(([time]) => Number(time));
        return { Id, Label, Timestamps, Values: since.map(([, value]) => value), StatusCode: "Complete" };
      });
    const page = Number(input["NextToken"] ?? 0);
    const NextToken = page + 1 < told.length ? String(page + 1) : undefined;
    return { body: { MetricDataResults: told.slice(page, page + 1), NextToken } };
  });
  const clock = { now };
  const source = new CloudWatchSource({ names, client: new CloudWatchClient(aws.client), now: () => clock.now });
  closers.push(() => source.close(), aws.close);
  return { aws, clock, source };
}

interface EmfLine {
  readonly _aws: { readonly CloudWatchMetrics: { readonly Dimensions: string[][] }[] };
  readonly [member: string]: unknown;
}

/** CloudWatch with what it makes of a registry's report a minute ago, and of a query's exact terms. */
async function cloudWatchOf(registry: Registry) {
  const lines: EmfLine[] = [];
  const write = (line: string) => lines.push(JSON.parse(line) as EmfLine);
  await new EmfReporter({ registry, stage: "prod", write, onError: () => undefined }).close();
  const expression = /^SEARCH\('\{Tagsmith,([\w,]+)\} MetricName="(\w+)" stage="(\w+)"', '\w+', \d+\)$/;
  const aws = await awsServer(({ input }) => {
    const MetricDataResults = (input["MetricDataQueries"] as Record<string, string>[]).flatMap((query) => {
      const [, dimensions, name = "", stage] = expression.exec(query["Expression"] ?? "") ?? [];
      const found = lines.filter((line) => {
        const sets = line._aws.CloudWatchMetrics[0]?.Dimensions ?? [];
        return name in line && line["stage"] === stage && sets.some((set) => set.join() === dimensions);
      });
      return found.map((line) => ({
        Id: query["Id"],
        Label: query["Label"]?.replace(/\$\{PROP\('Dim\.(\w+)'\)\}/, (_, by: string) => String(line[by])),
        Timestamps: [minute],
        Values: [line[name]],
        StatusCode: "Complete",
      }));
    });
    return { body: { MetricDataResults } };
  });
  const source = new CloudWatchSource({ names, client: new CloudWatchClient(aws.client), now: () => now });
  closers.push(() => source.close(), aws.close);
  return { source };
}

it("shows what the balancer saw of all tasks: rates per second, times in milliseconds, statuses", async () => {
  const { source } = await cloudWatch(
    ["requests", "RequestCount", { [minute - 60]: 600, [minute]: 1_200 }],
    ["p50", "TargetResponseTime", { [minute]: 0.004 }],
    ["p99", "TargetResponseTime", { [minute]: 0.25 }],
    ["status_2xx", "HTTPCode_Target_2XX_Count", { [minute]: 1_188 }],
    ["status_5xx", "HTTPCode_Target_5XX_Count", { [minute]: 12 }],
    ["cpu", "CPUUtilization", { [minute]: 42 }],
    ["waiting", "waiting", { [minute]: 3 }],
  );
  const result = await source.read();
  expect(result.ok && result.figures).toMatchObject({
    origin: "cloudwatch",
    windowMinutes: 60,
    moments: [
      { at: (minute - 60) * 1_000, requests: 10, errors: 0, p50: undefined },
      { at: minute * 1_000, requests: 20, errors: 0.2, p50: 4, p95: undefined, p99: 250, waiting: 3 },
    ],
    statuses: [
      { name: "2xx", count: 1_188 },
      { name: "5xx", count: 12 },
    ],
    queue: { waiting: 3 },
    load: { cpu: 0.42, memory: undefined },
  });
});

it("draws minutes in their order, also those that only a later metric knows of", async () => {
  const { source } = await cloudWatch(
    ["requests", "RequestCount", { [minute]: 60 }],
    ["waiting", "waiting", { [minute - 60]: 1, [minute]: 2 }],
  );
  const result = await source.read();
  expect(result.ok && result.figures.moments.map(({ waiting }) => waiting)).toEqual([1, 2]);
});

it("draws a metric whole that CloudWatch tells in two parts", async () => {
  const { source } = await cloudWatch(
    ["requests", "RequestCount", { [minute - 60]: 60 }],
    ["requests", "RequestCount", { [minute]: 120 }],
  );
  const result = await source.read();
  expect(result.ok && result.figures.moments.map(({ requests }) => requests)).toEqual([1, 2]);
});

it("shows the service's own metrics where there are any: tags of the last hour, confidence against the day before", async () => {
  const { source } = await cloudWatch(
    ["tags", "python", { [yesterday]: 500, [minute]: 3 }],
    ["tags", "css", { [minute]: 5 }],
    ["tags", "cobol", { [yesterday]: 1 }],
    ["confidences", "90-100", { [yesterday]: 100, [minute]: 50 }],
    ["confidences", "0-10", { [minute]: 50 }],
  );
  const result = await source.read();
  if (!result.ok) throw new Error(result.reason);
  const { tags, confidence } = result.figures;
  expect(tags).toEqual([
    { name: "css", count: 5 },
    { name: "python", count: 3 },
  ]);
  expect(confidence?.now).toEqual([50, 0, 0, 0, 0, 0, 0, 0, 0, 50]);
  expect(confidence?.moved).toBeCloseTo(0.5);
});

it("finds what a task reports, by the labels that it reports it with", async () => {
  const registry = new Registry();
  const registers = [registry];
  const tags = new Counter({ name: "tagsmith_predictions_total", help: "t", labelNames: ["tag"], registers });
  const sure = new Counter({ name: "tagsmith_answers_total", help: "c", labelNames: ["confidence"], registers });
  const waiting = new Gauge({ name: "tagsmith_model_waiting", help: "w", registers });
  tags.inc({ tag: "css" }, 5);
  tags.inc({ tag: "größe" }, 2); // in the total alone
  sure.inc({ confidence: "90-100" }, 7);
  waiting.set(3);
  const { source } = await cloudWatchOf(registry);
  const result = await source.read();
  if (!result.ok) throw new Error(result.reason);
  expect(result.figures.tags).toEqual([{ name: "css", count: 5 }]);
  expect(result.figures.confidence?.now).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 7]);
  expect(result.figures.queue).toEqual({ waiting: 3, inFlight: undefined });
});

it("says that nobody measures what no task has reported", async () => {
  const { source } = await cloudWatch();
  const result = await source.read();
  expect(result.ok && result.figures).toMatchObject({ queue: undefined, confidence: undefined, tags: [], moments: [] });
});

it("asks for this stage's metrics alone, and once a minute however many look", async () => {
  const { aws, clock, source } = await cloudWatch();
  await Promise.all([source.read(), source.read()]);
  clock.now += 59_000;
  await source.read();
  expect(aws.calls.map(({ operation }) => operation)).toEqual(["GetMetricData", "GetMetricData"]);
  const asked = JSON.stringify(aws.calls);
  for (const name of ["app/Ingress/1", "targetgroup/Inference/2", 'stage=\\"prod\\"']) expect(asked).toContain(name);
  clock.now += 1_000;
  await source.read();
  expect(aws.calls).toHaveLength(4);
});

it.each<[reading: string, read: (source: CloudWatchSource) => Promise<unknown>]>([
  ["the service's figures", (source) => source.read()],
  ["a trial's figures", (source) => source.readTrial(now)],
])(
  "tells a missing permission for %s apart, logs what AWS said, and asks again for whoever looks next",
  async (_, read) => {
    const logged = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const aws = await awsServer(() => ({
      status: 400,
      body: { __type: "AccessDeniedException", message: "not allowed" },
    }));
    const source = new CloudWatchSource({ names, client: new CloudWatchClient(aws.client) });
    closers.push(() => source.close(), aws.close);
    expect(await read(source)).toEqual({ ok: false, reason: "denied" });
    expect(logged.mock.calls.join()).toContain("not allowed");
    const asked = aws.calls.length;
    await read(source);
    expect(aws.calls.length).toBeGreaterThan(asked);
    logged.mockRestore();
  },
);
