import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
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

/** CloudWatch with these results, each told to the query of its id, a page for each call. */
async function cloudWatch(...results: readonly Result[]) {
  const aws = await awsServer(({ input }) => {
    const asked = (input["MetricDataQueries"] as { Id: string }[]).map(({ Id }) => Id);
    const told = results
      .filter(([id]) => asked.includes(id))
      .map(([Id, Label, points]) => ({
        Id,
        Label,
        Timestamps: Object.keys(points).map(Number),
        Values: Object.values(points),
        StatusCode: "Complete",
      }));
    const page = Number(input["NextToken"] ?? 0);
    const NextToken = page + 1 < told.length ? String(page + 1) : undefined;
    return { body: { MetricDataResults: told.slice(page, page + 1), NextToken } };
  });
  const clock = { now };
  const source = new CloudWatchSource({ names, client: new CloudWatchClient(aws.client), now: () => clock.now });
  closers.push(() => source.close(), aws.close);
  return { aws, clock, source };
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

it("tells a missing permission apart, and logs what AWS said", async () => {
  const logged = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const aws = await awsServer(() => ({
    status: 400,
    body: { __type: "AccessDeniedException", message: "not allowed" },
  }));
  const source = new CloudWatchSource({ names, client: new CloudWatchClient(aws.client) });
  closers.push(() => source.close(), aws.close);
  expect(await source.read()).toEqual({ ok: false, reason: "denied" });
  expect(logged.mock.calls.join()).toContain("not allowed");
  logged.mockRestore();
});
