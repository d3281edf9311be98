import { describe, expect, it } from "vitest";
import { at, list, type Resource, synthesise } from "./test/synth.ts";

const prod = await synthesise("prod");
const other = await synthesise("other");

interface Measured {
  readonly metric: string;
  readonly statistic: string;
  readonly seconds: number;
  readonly dimensions: Readonly<Record<string, string>>;
}

const nameOf = (alarm: Resource) => String(at(alarm, "AlarmName")).replace(/^\w+-tagsmith-/, "");

/** The metrics that an alarm looks at, whether in an expression or as they are; references in dimensions as JSON. */
function measuredBy({ Properties }: Resource): Measured[] {
  const alone = { Stat: Properties["Statistic"], Metric: Properties, Period: Properties["Period"] };
  const stats = (Properties["Metrics"] as { MetricStat?: typeof alone }[] | undefined)?.flatMap(
    ({ MetricStat }) => MetricStat ?? [],
  );
  return (stats ?? [alone]).map(({ Stat, Metric, Period }) => ({
    metric: String(Metric["MetricName"]),
    statistic: String(Stat),
    seconds: Number(Period),
    dimensions: Object.fromEntries(
      list({ Properties: Metric }, "Dimensions").map(({ Name, Value }) => [String(Name), JSON.stringify(Value)]),
    ),
  }));
}

const all = prod.all("CloudWatch::Alarm").map((alarm) => ({ name: nameOf(alarm), measured: measuredBy(alarm) }));

/** Events are added up, of tasks the fewest count; the balancer's nodes needn't all have seen a host that is well. */
const statistics: Readonly<Record<string, string>> = {
  RequestCount: "Sum",
  HTTPCode_Target_5XX_Count: "Sum",
  HTTPCode_ELB_5XX_Count: "Sum",
  TargetConnectionErrorCount: "Sum",
  RejectedConnectionCount: "Sum",
  BlockedRequests: "Sum",
  tagsmith_model_load_failures_total: "Sum",
  TargetResponseTime: "p99",
  HealthyHostCount: "Maximum",
  DesiredTaskCount: "Minimum",
  RunningTaskCount: "Minimum",
  CPUUtilization: "Average",
  MemoryUtilization: "Average",
  SuccessPercent: "Average",
};

describe("alarms", () => {
  it("make one figure of a metric as is meant, all that they look at told here", () => {
    const found = all.flatMap(({ measured }) => measured.map(({ metric, statistic }) => `${metric} ${statistic}`));
    expect([...new Set(found)].sort()).toEqual(
      Object.entries(statistics)
        .map((pair) => pair.join(" "))
        .sort(),
    );
  });

  it.each([
    ["inference", "Inference"],
    ["web", "Web"],
  ])("of %s look at its own tasks", (name, stack) => {
    const own = all.filter((alarm) => alarm.name.startsWith(`${name}-`));
    expect(own).toHaveLength(6);
    for (const { dimensions } of own.flatMap(({ measured }) => measured)) {
      const { LoadBalancer, TargetGroup, ServiceName } = dimensions;
      expect(TargetGroup ?? ServiceName).toContain(TargetGroup ? `${stack}Target` : `${stack}Service`);
      expect(LoadBalancer !== undefined).toBe(TargetGroup !== undefined);
    }
  });

  it("look at it so often as their times are told in: minutes, a part of an error budget its window", () => {
    for (const { name, measured } of all) {
      const window = /-(\d+)m-error-budget$/.exec(name)?.[1];
      const minutes = /^(model|golden|firewall|canary)-/.test(name) ? 5 : 1;
      for (const { seconds } of measured) expect([name, seconds]).toEqual([name, 60 * Number(window ?? minutes)]);
    }
  });

  it("of the canary wait for as long as it pauses", () => {
    const canary = other.all("CloudWatch::Alarm").find((alarm) => nameOf(alarm) === "canary-failing");
    expect(canary && measuredBy(canary)).toMatchObject([{ seconds: 3_600 }]);
    expect(at(other.one("Synthetics::Canary"), "Schedule.Expression")).toBe("rate(60 minutes)");
  });
});

it("Container Insights, which tasks-missing looks at, is on", () => {
  expect(at(prod.one("ECS::Cluster"), "ClusterSettings")).toEqual([{ Name: "containerInsights", Value: "enabled" }]);
});

it("the dashboard behind a password is told the names of inference's balancing and tasks, as the alarms are", () => {
  const told = Object.fromEntries(
    list(prod.one("ECS::TaskDefinition", "Web"), "ContainerDefinitions.0.Environment").map(({ Name, Value }) => [
      String(Name).replace("CLOUDWATCH_", ""),
      JSON.stringify(Value),
    ]),
  );
  const ofInference = Object.assign(
    {},
    ...all.flatMap(({ name, measured }) => {
      return name.startsWith("inference-") ? measured.map(({ dimensions }) => dimensions) : [];
    }),
  ) as Measured["dimensions"];
  expect(told).toMatchObject({
    LOAD_BALANCER: ofInference["LoadBalancer"],
    TARGET_GROUP: ofInference["TargetGroup"],
    CLUSTER: ofInference["ClusterName"],
    SERVICE: ofInference["ServiceName"],
  });
});
