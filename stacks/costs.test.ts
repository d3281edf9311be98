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
