import { CloudWatchClient, type MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import { expect, it, vi } from "vitest";
import { awsServer } from "../../test/aws-server.ts";
import { serve } from "../../test/serve.ts";
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
const earlier = now / 1_000 - 1.5 * 3_600;
const yesterday = now / 1_000 - 24.5 * 3_600;

/** What is told of a metric's statistic, as "RequestCount Sum", or to the search of an id. */
type Result = readonly [asked: string, label: string, points: Readonly<Record<number, number>>];

const askedBy = ({ Id, MetricStat: of }: MetricDataQuery) => (of ? `${of.Metric?.MetricName} ${of.Stat}` : Id);

/** CloudWatch with these results, each told to who asks for it, from the time that is asked for, a page for each call. */
async function cloudWatch(...results: readonly Result[]) {
  const aws = await awsServer(({ input }) => {
    const told = (input["MetricDataQueries"] as MetricDataQuery[]).flatMap((query) =>
      results
        .filter(([asked]) => asked === askedBy(query))
        .map(([, Label, points]) => {
          const since = Object.entries(points).filter(([time]) => Number(time) >= Number(input["StartTime"]));
          if (input["ScanBy"] !== "TimestampAscending") since.reverse();
          const Timestamps = since.map(([time]) => Number(time));
          return { Id: query.Id, Label, Timestamps, Values: since.map(([, value]) => value), StatusCode: "Complete" };
        }),
    );
    const page = Number(input["NextToken"] ?? 0);
    const NextToken = page + 1 < told.length ? String(page + 1) : undefined;
    return { body: { MetricDataResults: told.slice(page, page + 1), NextToken } };
  });
  const clock = { now };
  const source = new CloudWatchSource({ names, client: new CloudWatchClient(aws.client), now: () => clock.now });
  return { aws, clock, source };
}

it("shows what the balancer saw of all tasks: rates per second, times in milliseconds, statuses", async () => {
  const { source } = await cloudWatch(
    ["RequestCount Sum", "RequestCount", { [earlier]: 60, [minute - 60]: 600, [minute]: 1_200 }],
    ["TargetResponseTime p50", "TargetResponseTime", { [minute]: 0.004 }],
    ["TargetResponseTime p99", "TargetResponseTime", { [minute]: 0.25 }],
    ["HTTPCode_Target_2XX_Count Sum", "HTTPCode_Target_2XX_Count", { [minute]: 1_188 }],
    ["HTTPCode_Target_5XX_Count Sum", "HTTPCode_Target_5XX_Count", { [minute]: 12 }],
    ["CPUUtilization Average", "CPUUtilization", { [minute - 60]: 99, [minute]: 42 }],
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
    ["RequestCount Sum", "RequestCount", { [minute]: 60 }],
    ["waiting", "waiting", { [minute - 60]: 1, [minute]: 2 }],
  );
  const result = await source.read();
  expect(result.ok && result.figures.moments.map(({ waiting }) => waiting)).toEqual([1, 2]);
});

it("draws a metric whole that CloudWatch tells in two parts", async () => {
  const { source } = await cloudWatch(
    ["RequestCount Sum", "RequestCount", { [minute - 60]: 60 }],
    ["RequestCount Sum", "RequestCount", { [minute]: 120 }],
  );
  const result = await source.read();
  expect(result.ok && result.figures.moments.map(({ requests }) => requests)).toEqual([1, 2]);
});

it("shows the service's own metrics where there are any: tags of the last hour, confidence against the day before", async () => {
  const { source } = await cloudWatch(
    ["tags", "python", { [yesterday]: 500, [earlier]: 40, [minute]: 3 }],
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
  for (const name of ["app/Ingress/1", "targetgroup/Inference/2", "Cluster", "Inference"]) {
    expect(asked).toContain(`"Value":"${name}"`);
  }
  expect(asked).toContain('stage=\\"prod\\"');
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
    for (const __type of ["AccessDeniedException", "NotAuthorized", "UnauthorizedOperation"]) {
      const aws = await awsServer(() => ({ status: 400, body: { __type, message: `not allowed: ${__type}` } }));
      const source = new CloudWatchSource({ names, client: new CloudWatchClient(aws.client) });
      expect(await read(source)).toEqual({ ok: false, reason: "denied" });
      expect(logged.mock.calls.join()).toContain(`not allowed: ${__type}`);
      const asked = aws.calls.length;
      await read(source);
      expect(aws.calls.length).toBeGreaterThan(asked);
    }
    logged.mockRestore();
  },
);

it("a server without rights of its own is told so, and one whom CloudWatch fails is told that", async () => {
  const logged = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const aws = await awsServer(() => ({ status: 500, body: { __type: "InternalServiceError" } }));
  const nobody = Object.assign(new Error("no credentials"), { name: "CredentialsProviderError" });
  const reasonOf = (client: CloudWatchClient) => new CloudWatchSource({ names, client }).read();
  const unknown = new CloudWatchClient({ ...aws.client, credentials: () => Promise.reject(nobody) });
  expect(await reasonOf(unknown)).toEqual({ ok: false, reason: "denied" });
  expect(await reasonOf(new CloudWatchClient(aws.client))).toEqual({ ok: false, reason: "unreachable" });
  logged.mockRestore();
});

it.each<[reading: string, read: (source: CloudWatchSource) => Promise<unknown>]>([
  ["the service's figures", (source) => source.read()],
  ["a trial's figures", (source) => source.readTrial(now - 3_600_000)],
])("where CloudWatch never answers, whoever waits for %s is told so", async (_, read) => {
  const logged = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const over = new AbortController();
  const deadline = vi.spyOn(AbortSignal, "timeout").mockReturnValue(over.signal);
  const endpoint = await serve(() => over.abort(new DOMException("too late", "TimeoutError")));
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const client = new CloudWatchClient({ endpoint, region: "us-east-1", credentials });
  expect(await read(new CloudWatchSource({ names, client, now: () => now }))).toEqual({
    ok: false,
    reason: "unreachable",
  });
  deadline.mockRestore();
  logged.mockRestore();
});
