import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { at, list, type Resource, type Synthesis, synthesise } from "./test/synth.ts";

/** The list prices of docs/deploy.md: US dollars in us-east-1, on demand, as they were known in November 2026. */
const hours = 730;
const price = {
  natHour: 0.045,
  balancerHour: 0.0225,
  addressHour: 0.005,
  cpuHour: 0.04048, // x86
  gigabyteHour: 0.004445,
  spotShare: 0.3, // it varies
  firewall: 5,
  firewallRule: 1,
  metric: 0.3, // Container Insights: 8 for a cluster in use, 11 for a service, 6 for its tasks
  alarmMetric: 0.1,
  compositeAlarm: 0.5,
  dashboard: 3,
  key: 1,
  canaryRun: 0.0012,
};

const columns = [await synthesise("prod"), await synthesise("other"), await synthesise("other", "dev")];

const rows: readonly (readonly [name: string, (app: Synthesis) => number])[] = [
  ["NAT gateways", (app) => nats(app) * price.natHour * hours],
  ["Load balancer", (app) => balancers(app) * price.balancerHour * hours],
  // The balancer has one in each of two zones.
  ["Public IPv4 addresses", (app) => (nats(app) + 2 * balancers(app)) * price.addressHour * hours],
  ["Firewall", (app) => price.firewall + list(app.one("WAFv2::WebACL"), "Rules").length * price.firewallRule],
  ["Inference tasks", (app) => tasks(app, "Inference")],
  ["Web tasks", (app) => tasks(app, "Web")],
  ["Container Insights", (app) => insights(app) * price.metric],
  ["Alarms", alarms],
  [
    "Dashboard and key",
    (app) => kinds(app, "CloudWatch::Dashboard") * price.dashboard + kinds(app, "KMS::Key") * price.key,
  ],
  ["Canary", (app) => runs(app) * price.canaryRun],
];

it.each(rows)("docs/deploy.md: %s cost what the templates say", (name, costOf) => {
  expect(documented(name)).toEqual(columns.map((app) => costOf(app).toFixed(2)));
});

it("docs/deploy.md: the sum is that of its rows", () => {
  const sum = (app: Synthesis) => rows.reduce((total, [, costOf]) => total + Number(costOf(app).toFixed(2)), 0);
  expect(documented("**Sum**")).toEqual(columns.map((app) => sum(app).toFixed(2)));
});

const nats = (app: Synthesis) => app.all("EC2::NatGateway").length;
const balancers = (app: Synthesis) => app.all("ElasticLoadBalancingV2::LoadBalancer").length;

const kinds = (app: Synthesis, type: string) => app.all(type).length;

function insights(app: Synthesis): number {
  const services = kinds(app, "ECS::Service");
  return services === 0 ? 0 : 8 + services * (11 + 6);
}

/** Of a calculation each metric is paid for. */
function alarms(app: Synthesis): number {
  const metrics = app.all("CloudWatch::Alarm").map((alarm) => {
    if (at(alarm, "MetricName")) return 1;
    return list(alarm, "Metrics").filter(({ MetricStat }) => MetricStat !== undefined).length;
  });
  const sum = metrics.reduce((total, count) => total + count, 0);
  return sum * price.alarmMetric + kinds(app, "CloudWatch::CompositeAlarm") * price.compositeAlarm;
}

/** The canary's in a month. */
function runs(app: Synthesis): number {
  const [canary] = app.all("Synthetics::Canary");
  if (!canary) return 0;
  const [, minutes] = /^rate\((\d+) minutes\)$/.exec(String(at(canary, "Schedule.Expression"))) ?? [];
  return (hours * 60) / Number(minutes);
}

/** The fewest tasks that the service has. */
function tasks(app: Synthesis, name: string): number {
  const [service] = app.all("ECS::Service", name);
  if (!service) return 0;
  const number = (resource: Resource, path: string) => Number(at(resource, path));
  const task = app.one("ECS::TaskDefinition", name);
  const hourly = (number(task, "Cpu") / 1024) * price.cpuHour + (number(task, "Memory") / 1024) * price.gigabyteHour;
  const isSpot = at(service, "CapacityProviderStrategy.0.CapacityProvider") === "FARGATE_SPOT";
  const count = number(app.one("ApplicationAutoScaling::ScalableTarget", name), "MinCapacity");
  return count * hourly * hours * (isSpot ? price.spotShare : 1);
}

/** The figures of a row of the document's table. */
function documented(name: string): string[] {
  const text = readFileSync("docs/deploy.md", "utf8");
  const row = text.split("\n").find((line) => line.startsWith(`| ${name} `)) ?? "";
  return [...row.matchAll(/\d+\.\d\d/g)].map(([figure]) => figure).slice(-columns.length);
}
