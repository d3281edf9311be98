import { describe, expect, it } from "vitest";
import { at, type Synthesis, synthesise } from "./test/synth.ts";

// One after the other: SST keeps the app that it works on in global variables.
const prod = await synthesise("prod");
const other = await synthesise("other");
const dev = await synthesise("other", "dev");
const removal = await synthesise("prod", "remove");

describe.each([
  ["prod", prod],
  ["another stage", other],
])("%s", (_stage, app) => {
  it("services: exactly two, in one cluster", () => {
    expect(app.all("ECS::Service").map(({ stack }) => stack)).toEqual(["Inference", "Web"]);
    expect(app.all("ECS::Cluster")).toHaveLength(1);
  });

  it("vpc: exactly one", () => {
    expect(app.all("EC2::VPC")).toHaveLength(1);
  });

  it("balancer: exactly one, and no other way in from the internet", () => {
    expect(app.all("ElasticLoadBalancingV2::LoadBalancer")).toHaveLength(1);
    const others = ["CloudFront::Distribution", "ApiGatewayV2::Api", "ApiGateway::RestApi", "Lambda::Url"];
    expect(others.flatMap((type) => app.all(type))).toEqual([]);
  });

  it("permissions: nobody may do everything with a bucket, or with anything", () => {
    const wide = allowedActions(app).filter((action) => /^(\*|[a-z0-9-]+:\*)$/i.test(action));
    expect(wide).toEqual([]);
    expect(allowedActions(app)).toContain("s3:GetObject");
  });

  it("references: a stack needs only those that are before it", () => {
    const order = app.stacks.map(({ name }) => name);
    for (const { name, dependsOn } of app.stacks) {
      expect(dependsOn.filter((needed) => order.indexOf(needed) >= order.indexOf(name))).toEqual([]);
    }
  });
});

describe("sst dev", () => {
  it("services: run on this machine, so nothing is deployed for them", () => {
    const types = ["ECS::Service", "ECS::TaskDefinition", "EC2::NatGateway", "ApplicationAutoScaling::ScalableTarget"];
    expect(types.flatMap((type) => dev.all(type))).toEqual([]);
  });

  it("environment: the service reads the stage's bucket, the pages ask the service on this machine", () => {
    const environment = (stack: string) =>
      at(dev.one("Lambda::Function", `${stack}/${stack}ServerFunction`), "Environment.Variables");
    expect(environment("Inference")).toHaveProperty("MODEL_BUCKET");
    expect(environment("Web")).toHaveProperty("INFERENCE_URL", "http://127.0.0.1:8080");
    for (const stack of ["Inference", "Web"]) expect(environment(stack)).not.toHaveProperty("STAGE");
  });
});

describe("sst remove", () => {
  it("what stays: nothing of a stage, of prod the buckets that keep its data", () => {
    const kept = ({ resources }: Synthesis) => resources.filter(({ DeletionPolicy }) => DeletionPolicy === "Retain");
    expect(kept(other).map(({ id }) => id)).toEqual([]);
    expect(kept(prod).map(({ Type, stack }) => [Type, stack])).toEqual([
      ["AWS::S3::Bucket", "Storage"],
      ["AWS::S3::Bucket", "Storage"],
      ["AWS::S3::Bucket", "Bulk"],
    ]);
  });

  it("order: a stack goes before those that it imports from", () => {
    const needs = new Map(removal.stacks.map(({ name, dependsOn }) => [name, dependsOn]));
    expect(needs.get("Observability")).toContain("Web");
    expect(needs.get("Web")).toContain("Inference");
    expect(needs.get("Inference")).toContain("Ingress");
    expect(needs.get("Ingress")).toEqual(expect.arrayContaining(["Network", "Storage"]));
  });
});

/**
 * Whatever a role's, a bucket's or any other policy allows, but a key's: that must give the key to its account, or nobody
 * could ever change it.
 */
function allowedActions({ resources }: Synthesis): string[] {
  const found: string[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    if ("Effect" in value && value.Effect === "Allow" && "Action" in value)
      found.push(...[value.Action as string].flat());
    Object.values(value).forEach(visit);
  };
  resources.filter(({ Type }) => Type !== "AWS::KMS::Key").forEach(({ Properties }) => visit(Properties));
  return found;
}
