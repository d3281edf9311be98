import { readConfig } from "@tagsmith/inference/env";
import { limits, patience } from "@tagsmith/inference/limits";
import { afterEach, expect, it, vi } from "vitest";
import { createServer } from "../packages/web/server/lifecycle.ts";
import { domainOf } from "./stage.ts";
import { at, list, type Synthesis, synthesise, table } from "./test/synth.ts";

const prod = await synthesise("prod");

afterEach(() => vi.unstubAllEnvs());

const targetOf = (part: string) => ({ Ref: prod.one("ElasticLoadBalancingV2::TargetGroup", part).id });
const stopTimeoutOf = (name: string) =>
  Number(at(prod.one("ECS::TaskDefinition", name), "ContainerDefinitions.0.StopTimeout"));
const listeners = (app: Synthesis) => app.all("ElasticLoadBalancingV2::Listener").map(({ Properties }) => Properties);

it("paths: /api/* goes to inference, the rest to web, and there is no other rule", () => {
  const rule = prod.one("ElasticLoadBalancingV2::ListenerRule");
  expect(at(rule, "Conditions")).toEqual([{ Field: "path-pattern", PathPatternConfig: { Values: ["/api/*"] } }]);
  expect(at(rule, "Actions")).toEqual([{ Type: "forward", TargetGroupArn: targetOf("Inference") }]);
  expect(listeners(prod)[0]?.["DefaultActions"]).toEqual([{ Type: "forward", TargetGroupArn: targetOf("Web") }]);
});

it.each([
  ["Inference", 8080, "/readyz"],
  ["Web", 3000, "/healthz"],
])("%s target: asked for its health twice every 5 s", (name, port, path) => {
  expect(prod.one("ElasticLoadBalancingV2::TargetGroup", name).Properties).toMatchObject({
    Port: port,
    TargetType: "ip",
    HealthCheckPath: path,
    HealthCheckIntervalSeconds: 5,
    HealthyThresholdCount: 2,
    UnhealthyThresholdCount: 2,
  });
});

it("web: a browser gets a page's scripts and styles from the task that made the page; programs are spread over all of inference", () => {
  const attributesOf = (name: string) =>
    table(prod.one("ElasticLoadBalancingV2::TargetGroup", name), "TargetGroupAttributes");
  expect(attributesOf("Web")).toMatchObject({
    "stickiness.enabled": "true",
    "stickiness.type": "lb_cookie",
    "stickiness.lb_cookie.duration_seconds": "60",
  });
  expect(attributesOf("Inference")).toHaveProperty(["stickiness.enabled"], "false");
});

it.each(["Inference", "Web"])("%s: a stopping task outlives its last requests, and Fargate lets it", (name) => {
  const target = table(prod.one("ElasticLoadBalancingV2::TargetGroup", name), "TargetGroupAttributes");
  const delay = Number(target["deregistration_delay.timeout_seconds"]);
  expect(delay).toBeGreaterThan(limits.requestMs / 1_000);
  expect(stopTimeoutOf(name)).toBeGreaterThan(delay);
  expect(stopTimeoutOf(name)).toBeLessThanOrEqual(120);
});

it("Inference: has ended by itself when its time to stop is over", () => {
  const variables = list(prod.one("ECS::TaskDefinition", "Inference"), "ContainerDefinitions.0.Environment");
  const given = Object.fromEntries(variables.map(({ Name, Value }) => [String(Name), String(Value)]));
  const { drainMs, drainLimitMs } = readConfig({ ...given, MODEL_BUCKET: "models" });
  expect(drainLimitMs).toBeGreaterThan(limits.requestMs);
  expect((drainMs + drainLimitMs) / 1_000).toBeLessThan(stopTimeoutOf("Inference"));
});

it("both services keep an idle connection for longer than the balancer does, which would else ask into a closed one", () => {
  const attributes = table(prod.one("ElasticLoadBalancingV2::LoadBalancer"), "LoadBalancerAttributes");
  const idleMs = Number(attributes["idle_timeout.timeout_seconds"]) * 1_000;
  expect(idleMs).toBeGreaterThan(0);
  expect(createServer(() => undefined).keepAliveTimeout).toBeGreaterThan(idleMs);
  expect(patience.keepAliveMs).toBeGreaterThan(idleMs);
});

it("balancer: refuses what is ambiguous, logs what it answers", () => {
  expect(table(prod.one("ElasticLoadBalancingV2::LoadBalancer"), "LoadBalancerAttributes")).toMatchObject({
    "routing.http.desync_mitigation_mode": "strictest",
    "routing.http.drop_invalid_header_fields.enabled": "true",
    "routing.http.preserve_host_header.enabled": "true",
    "access_logs.s3.enabled": "true",
  });
});

it("without a domain: HTTP only, even in prod, for the balancer's own name can have no certificate", () => {
  expect(listeners(prod)).toEqual([expect.objectContaining({ Port: 80, Protocol: "HTTP" })]);
});

it("with a domain: HTTPS with its certificate under its name, and HTTP redirects there", async () => {
  vi.stubEnv("DOMAIN", "tags.example.org");
  vi.stubEnv("HOSTED_ZONE", "example.org");
  const app = await synthesise("prod");
  const secure = listeners(app).find(({ Port }) => Port === 443);
  expect(secure).toMatchObject({ Protocol: "HTTPS", SslPolicy: expect.stringContaining("TLS13") as string });
  expect(secure?.["Certificates"]).toEqual([
    { CertificateArn: { Ref: app.one("CertificateManager::Certificate").id } },
  ]);
  expect(at(app.one("CertificateManager::Certificate"), "DomainName")).toBe("tags.example.org");
  expect(at(app.one("Route53::RecordSet"), "Name")).toBe("tags.example.org.");
  const plain = listeners(app).find(({ Port }) => Port === 80);
  expect(plain?.["DefaultActions"]).toEqual([
    { Type: "redirect", RedirectConfig: { Port: "443", Protocol: "HTTPS", StatusCode: "HTTP_301" } },
  ]);
  expect(at(app.one("ElasticLoadBalancingV2::ListenerRule"), "ListenerArn")).toEqual({
    Ref: app.one("ElasticLoadBalancingV2::Listener", "Https").id,
  });
});

it("a domain for a stage without one: HTTP's listener is changed, not doubled, and goes on answering until HTTPS does", async () => {
  const at80 = (app: Synthesis) =>
    app.all("ElasticLoadBalancingV2::Listener").find((listener) => at(listener, "Port") === 80);
  vi.stubEnv("DOMAIN", "example.org");
  const app = await synthesise("prod");
  expect(at80(app)?.id).toBe(at80(prod)?.id);
  expect(at80(app)?.DependsOn).toContain(app.one("ElasticLoadBalancingV2::Listener", "Https").id);
});

it("with a domain and an empty zone: as without one, the zone is the domain itself", () => {
  vi.stubEnv("DOMAIN", "example.org");
  vi.stubEnv("HOSTED_ZONE", "");
  expect(domainOf()).toEqual({ name: "example.org", zone: "example.org" });
});

it.each([
  ["https://tags.example.org/", "example.org"],
  ["tags.example.org", "example.com"],
  ["tagsexample.org", "example.org"],
])("with the domain %s and the zone %s: says so before anything is made", (domain, zone) => {
  vi.stubEnv("DOMAIN", domain);
  vi.stubEnv("HOSTED_ZONE", zone);
  expect(domainOf).toThrow(`DOMAIN is ${domain}, which is no name in the zone ${zone}`);
});

it("with a zone alone: says that the domain is missing", () => {
  vi.stubEnv("HOSTED_ZONE", "example.org");
  expect(domainOf).toThrow("HOSTED_ZONE is example.org, but no DOMAIN");
});

it("firewall: stands before the balancer, limits each address, and lets questions full of code through, and programs that don't name themselves", () => {
  const firewall = prod.one("WAFv2::WebACL");
  expect(prod.one("WAFv2::WebACLAssociation").Properties).toEqual({
    ResourceArn: { Ref: prod.one("ElasticLoadBalancingV2::LoadBalancer").id },
    WebACLArn: { "Fn::GetAtt": [firewall.id, "Arn"] },
  });
  const rules = list(firewall, "Rules");
  expect(rules.map(({ Name }) => Name)).toEqual([
    "RatePerAddress",
    "AWSManagedRulesAmazonIpReputationList",
    "AWSManagedRulesCommonRuleSet",
    "AWSManagedRulesKnownBadInputsRuleSet",
  ]);
  expect(rules[0]).toMatchObject({
    Statement: { RateBasedStatement: { AggregateKeyType: "IP", Limit: 3000 } },
    Action: { Block: {} },
  });
  const counted = [2, 3].flatMap((rule) =>
    list(firewall, `Rules.${rule}.Statement.ManagedRuleGroupStatement.RuleActionOverrides`),
  );
  // All that AWS's two sets have for a body.
  const ofBody = [
    ...["SizeRestrictions", "CrossSiteScripting", "EC2MetaDataSSRF", "GenericLFI", "GenericRFI"],
    ...["JavaDeserializationRCE", "Log4JRCE", "ReactJSRCE"],
  ].map((name) => `${name}_BODY`);
  const names = [...ofBody, "NoUserAgent_HEADER"].sort();
  expect(counted.toSorted((one, other) => (String(one["Name"]) < String(other["Name"]) ? -1 : 1))).toEqual(
    names.map((Name) => ({ Name, ActionToUse: { Count: {} } })),
  );
});
