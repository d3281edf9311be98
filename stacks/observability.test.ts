import { readFileSync } from "node:fs";
import { Metrics } from "@tagsmith/inference/metrics";
import type { BundleErrorCode } from "@tagsmith/model-bundle/errors";
import { afterEach, describe, expect, it, vi } from "vitest";
import { operatorOf } from "./stage.ts";
import { rows } from "./test/alarm-rows.ts";
import { states } from "./test/cloudwatch.ts";
import { at, list, type Resource, synthesise } from "./test/synth.ts";

const prod = await synthesise("prod");
const other = await synthesise("other");
const dev = await synthesise("other", "dev");

afterEach(() => vi.unstubAllEnvs());

const alarms = prod.all("CloudWatch::Alarm");
const composites = prod.all("CloudWatch::CompositeAlarm");
const nameOf = (alarm: Resource) => String(at(alarm, "AlarmName")).replace("prod-tagsmith-", "");
const isPart = (alarm: Resource) => /-\d+m-error-budget$/.test(nameOf(alarm));
const dashboard = JSON.stringify(at(prod.one("CloudWatch::Dashboard"), "DashboardBody")).replaceAll("\\", "");
const runbook = readFileSync("docs/runbook.md", "utf8");

function alarm(name: string): Resource {
  const found = alarms.find((one) => nameOf(one) === name);
  if (!found) throw new Error(`there is no alarm ${name}`);
  return found;
}

describe("alarms, held to figures by CloudWatch's rules", () => {
  it("each has a row of them", () => {
    expect(rows.map(({ name }) => name).sort()).toEqual(alarms.map(nameOf).sort());
  });

  it.each(rows)("$name: comes when it must", ({ name, fires }) => {
    for (const measured of fires) expect(states(alarm(name), measured).at(-1)).toBe("ALARM");
    for (const measured of fires) expect(states(alarm(name), measured)[0]).toBe("OK");
  });

  it.each(rows)("$name: doesn't come without need", ({ name, quiet }) => {
    for (const measured of quiet) expect(states(alarm(name), measured)).not.toContain("ALARM");
  });

  it("error budget: tells when both the long and the short window are burning", () => {
    const rules = composites.map((one) => [nameOf(one), JSON.stringify(at(one, "AlarmRule"))] as const);
    expect(rules.map(([name]) => name)).toEqual(["fast-error-budget", "slow-error-budget"]);
    for (const [name, rule] of rules) {
      const parts = alarms.filter((one) => isPart(one) && nameOf(one).startsWith(name.slice(0, 4)));
      expect(parts).toHaveLength(2);
      for (const { id } of parts) expect(rule).toContain(`"${id}"`);
      expect(rule.match(/ (AND|OR|NOT) /g)).toEqual([" AND "]);
      expect(rule.match(/ALARM\(/g)).toHaveLength(2);
    }
  });
});

it("alarms: all but the parts of others are told when they come and when they go", () => {
  const topic = [{ Ref: prod.one("SNS::Topic").id }];
  for (const one of [...alarms, ...composites]) {
    expect([at(one, "AlarmActions"), at(one, "OKActions")]).toEqual(
      isPart(one) ? [undefined, undefined] : [topic, topic],
    );
  }
});

it.each([
  ["Inference", "inference"],
  ["Web", "web"],
])("%s: a deployment that raises an alarm is undone", (stack, name) => {
  const { AlarmNames: names, ...how } = at(prod.one("ECS::Service", stack), "DeploymentConfiguration.Alarms") as {
    AlarmNames: string[];
  };
  expect(how).toEqual({ Enable: true, Rollback: true });
  const kinds = ["no-healthy-host", "server-errors", "slow-answers", "cpu-high", "memory-high"];
  expect(names.map((full) => full.replace("prod-tagsmith-", "")).sort()).toEqual(
    ["rejected-connections", ...kinds.map((kind) => `${name}-${kind}`)].sort(),
  );
  expect(alarms.map((one) => at(one, "AlarmName"))).toEqual(expect.arrayContaining(names));
});

describe("topic", () => {
  it("takes what CloudWatch tells, encrypted, over TLS, and from nobody else", () => {
    const topic = prod.one("SNS::Topic");
    expect(at(topic, "KmsMasterKeyId")).toEqual({ "Fn::GetAtt": [prod.one("KMS::Key").id, "Arn"] });
    const account = { StringEquals: { "aws:SourceAccount": expect.anything() as unknown } };
    expect(list(prod.one("SNS::TopicPolicy"), "PolicyDocument.Statement")).toEqual([
      expect.objectContaining({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
      expect.objectContaining({
        ...{ Effect: "Allow", Action: "sns:Publish", Condition: account },
        Principal: { Service: "cloudwatch.amazonaws.com" },
      }),
    ]);
    expect(list(prod.one("KMS::Key"), "KeyPolicy.Statement")[1]).toMatchObject({
      Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
      Principal: { Service: "cloudwatch.amazonaws.com" },
    });
  });

  it("writes to whom the environment names, and to nobody without", async () => {
    expect(prod.all("SNS::Subscription")).toEqual([]);
    vi.stubEnv("ALARM_EMAIL", "operator@example.org");
    const app = await synthesise("prod");
    expect(app.one("SNS::Subscription").Properties).toMatchObject({
      Protocol: "email",
      Endpoint: "operator@example.org",
    });
  });

  it.each(["a@example.org, b@example.org", "Operators <a@example.org>", "operators"])(
    "refuses %s, which AWS would after all else is made",
    (mail) => {
      vi.stubEnv("ALARM_EMAIL", mail);
      expect(operatorOf).toThrow(`ALARM_EMAIL is ${mail}, and no one address.`);
    },
  );
});

describe("runbook", () => {
  const headings = [...runbook.matchAll(/^## (.+)$/gm)].map(([, heading = ""]) => heading);
  const described = [...alarms, ...composites].map((one) => String(at(one, "AlarmDescription")));

  it("has an entry for each alarm, and none for others", () => {
    const linked = described.map((text) => / docs\/runbook\.md#([a-z-]+)$/.exec(text)?.[1]);
    expect([...new Set(linked)].sort()).toEqual([...headings].sort());
    for (const [index, one] of [...alarms, ...composites].entries()) expect(nameOf(one)).toContain(linked[index]);
  });

  it.each(headings)("%s: says what it means, where to look first, what to do and when to go back", (heading) => {
    const [, entry = ""] = runbook.split(`## ${heading}\n`);
    const [text = ""] = entry.split("\n## ");
    for (const part of ["**Means.**", "**Look.**", "**Do.**", "**Go back"]) expect(text).toContain(part);
  });

  it("names graphs that the dashboard has", () => {
    const graphs = [...runbook.matchAll(/\b_([A-Z][^_]+)_\b/g)].map(([, title = ""]) => title);
    expect(graphs.length).toBeGreaterThan(headings.length);
    for (const title of graphs) expect(dashboard).toContain(`"title":"${title}"`);
  });

  it("is linked where the environment says that the repository is", async () => {
    vi.stubEnv("REPOSITORY_URL", "https://example.org/owner/name/");
    const [first] = (await synthesise("prod")).all("CloudWatch::Alarm", "canary-failing".replaceAll("-", ""));
    expect(String(first && at(first, "AlarmDescription"))).toMatch(
      / https:\/\/example\.org\/owner\/name\/blob\/main\/docs\/runbook\.md#canary-failing$/,
    );
  });
});

describe("the model's metrics", () => {
  it("are called as /metrics calls them", () => {
    const known = new Metrics({ admission: { waiting: 0 } } as never).registry
      .getMetricsAsArray()
      .map(({ name }) => name);
    const used = JSON.stringify([alarms, dashboard]).match(/tagsmith_[a-z_]+/g) ?? [];
    expect(known).toEqual(expect.arrayContaining([...new Set(used)]));
  });

  it("golden mismatch: is told by the code that a failed golden check has", () => {
    const code: BundleErrorCode = "golden_mismatch";
    expect(at(alarm("golden-mismatch"), "Dimensions")).toEqual([
      { Name: "code", Value: code },
      { Name: "stage", Value: "prod" },
    ]);
    expect(at(alarm("model-load-failure"), "Dimensions")).toEqual([{ Name: "stage", Value: "prod" }]);
  });
});

it("dashboard: shows what is promised and how it is kept, beside all that explains it", () => {
  for (const title of [
    "Error budget left",
    "Burn rate",
    "Availability",
    "p95 latency",
    "Queue",
    "Answers by confidence",
  ])
    expect(dashboard).toContain(`"title":"${title}"`);
  for (const part of ['"start":"-P28D"', '"value":99.9', '"value":0.3', "AWS/WAFV2", "CloudWatchSynthetics"])
    expect(dashboard).toContain(part);
});

it("firewall: is watched under the name that it reports itself by", () => {
  const name = at(prod.one("WAFv2::WebACL"), "VisibilityConfig.MetricName");
  expect(at(alarm("firewall-spike"), "Dimensions")).toContainEqual({ Name: "WebACL", Value: name });
  expect(at(other.one("WAFv2::WebACL"), "VisibilityConfig.MetricName")).not.toBe(name);
});

it("sst dev: watches nothing, for nothing runs there", () => {
  const kinds = ["CloudWatch::Alarm", "CloudWatch::Dashboard", "Synthetics::Canary", "SNS::Topic", "KMS::Key"];
  expect(kinds.flatMap((type) => dev.all(type))).toEqual([]);
});
