import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { processesOn } from "./inference.ts";
import { at, list, synthesise } from "./test/synth.ts";

const prod = await synthesise("prod");
const other = await synthesise("other");

type App = typeof prod;
const service = (app: App, name: string, path: string) => at(app.one("ECS::Service", name), path);
const task = (app: App, name: string, path: string) => at(app.one("ECS::TaskDefinition", name), path);
const container = (app: App, name: string, path: string) => task(app, name, `ContainerDefinitions.0.${path}`);

describe("Inference", () => {
  it("models: in a volume, the one place that its container may write", () => {
    const mount = { ContainerPath: "/models", ReadOnly: false, SourceVolume: "models" };
    expect(container(prod, "Inference", "MountPoints")).toEqual([mount]);
    expect(task(prod, "Inference", "Volumes")).toEqual([{ Name: "models" }]);
  });

  it.each([
    ["prod", prod],
    ["other", other],
  ])("processes: one below two cores, in %s as elsewhere, and never more threads than cores", (_stage, app) => {
    const environment = list(app.one("ECS::TaskDefinition", "Inference"), "ContainerDefinitions.0.Environment");
    const cores = Math.max(1, Number(task(app, "Inference", "Cpu")) / 1024);
    expect(environment).toContainEqual({ Name: "WORKERS", Value: String(Math.floor(cores)) });
    expect(environment).toContainEqual({ Name: "MODEL_WORKERS", Value: "1" });
  });

  it("processes: one for each core of a larger task", () => {
    expect(processesOn("2 vCPU")).toEqual({ WORKERS: "2", MODEL_WORKERS: "1" });
    expect(processesOn("16 vCPU").WORKERS).toBe("16");
  });
});

describe.each([
  ["Inference", 8080],
  ["Web", 3000],
])("%s", (name, port) => {
  it("tasks: in private subnets, without a public address", () => {
    expect(service(prod, name, "NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp")).toBe("DISABLED");
    const subnets = list(prod.one("ECS::Service", name), "NetworkConfiguration.AwsvpcConfiguration.Subnets");
    expect(subnets).toHaveLength(2);
    for (const subnet of subnets) expect(JSON.stringify(subnet)).toContain("privateSubnet");
  });

  it("deployment: keeps every task until a new one is healthy, and goes back if none becomes so", () => {
    expect(service(prod, name, "DeploymentConfiguration")).toMatchObject({
      MinimumHealthyPercent: 100,
      MaximumPercent: 200,
      DeploymentCircuitBreaker: { Enable: true, Rollback: true },
    });
  });

  it("start: nobody ends a task for not being ready in its first two minutes", () => {
    expect(service(prod, name, "HealthCheckGracePeriodSeconds")).toBeGreaterThanOrEqual(120);
    expect(container(prod, name, "HealthCheck.StartPeriod")).toBeGreaterThanOrEqual(120);
  });

  it("container: an unprivileged user who can't write a file", () => {
    expect(container(prod, name, "User")).toBe("1000");
    expect(container(prod, name, "ReadonlyRootFilesystem")).toBe(true);
  });

  it("logs: a group of its own that forgets", () => {
    const group = prod.one("Logs::LogGroup", `${name}/Logs`);
    expect(at(group, "RetentionInDays")).toBe(90);
    expect(container(prod, name, "LogConfiguration.Options.awslogs-group")).toEqual({ Ref: group.id });
    expect(prod.resources.filter(({ Type }) => Type === "Custom::LogRetention")).toEqual([]);
  });

  it("costs: each task has the service's tags, app and stage", () => {
    expect(prod.one("ECS::Service", name).Properties).toMatchObject({
      PropagateTags: "SERVICE",
      EnableECSManagedTags: true,
      Tags: [
        { Key: "sst:app", Value: "tagsmith" },
        { Key: "sst:stage", Value: "prod" },
      ],
    });
  });

  it("traces: go to a collector beside the service, which nothing waits for or ends with", () => {
    const [own, collector] = list(prod.one("ECS::TaskDefinition", name), "ContainerDefinitions");
    expect(own).not.toHaveProperty("DependsOn");
    expect(own).toMatchObject({ Essential: true });
    expect(collector).toMatchObject({
      Image: expect.stringMatching(
        /^public\.ecr\.aws\/aws-observability\/aws-otel-collector:v\d+\.\d+\.\d+$/,
      ) as string,
      ...{ Essential: false, ReadonlyRootFilesystem: true, User: "1000", Memory: 128 },
    });
    const [{ Value: config }] = collector?.["Environment"] as [{ Value: string }];
    const { receivers, service } = JSON.parse(config) as { receivers: object; service: object };
    expect(receivers).toEqual({ otlp: { protocols: { http: { endpoint: "127.0.0.1:4318" } } } });
    expect(service).toMatchObject({ pipelines: { traces: { receivers: ["otlp"], exporters: ["awsxray"] } } });
  });

  it("telemetry: is told its stage and name, where traces go, and which share of them is kept", () => {
    const told = (app: App) =>
      Object.fromEntries(
        list(app.one("ECS::TaskDefinition", name), "ContainerDefinitions.0.Environment").map((one) => [
          String(one["Name"]),
          one["Value"],
        ]),
      );
    expect(told(prod)).toMatchObject({
      STAGE: "prod",
      OTEL_SERVICE_NAME: name.toLowerCase(),
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4318",
      OTEL_TRACES_SAMPLER_ARG: "0.05",
    });
    expect(told(other)).toMatchObject({ STAGE: "other", OTEL_TRACES_SAMPLER_ARG: "1" });
  });

  it("scaling: on CPU and on requests, never on memory", () => {
    const metric = "TargetTrackingScalingPolicyConfiguration.PredefinedMetricSpecification.PredefinedMetricType";
    const metrics = prod.all("ApplicationAutoScaling::ScalingPolicy", name).map((policy) => at(policy, metric));
    expect(metrics.sort()).toEqual(["ALBRequestCountPerTarget", "ECSServiceAverageCPUUtilization"]);
    const target = "TargetTrackingScalingPolicyConfiguration.TargetValue";
    const cpu = prod.one("ApplicationAutoScaling::ScalingPolicy", `${name}ServiceTaskCountTargetCpuScaling`);
    expect(at(cpu, target)).toBe(60); // below the alarm cpu-high
    expect(prod.one("ApplicationAutoScaling::ScalableTarget", name).Properties).toMatchObject({
      MinCapacity: 2,
      MaxCapacity: 10,
    });
  });

  it("stages: on demand in prod, on Spot elsewhere; x86 in prod, elsewhere what the deploying machine is", () => {
    const provider = (app: App) => service(app, name, "CapacityProviderStrategy.0.CapacityProvider");
    expect(provider(prod)).toBe("FARGATE");
    expect(provider(other)).toBe("FARGATE_SPOT");
    expect(task(prod, name, "RuntimePlatform.CpuArchitecture")).toBe("X86_64");
    const here = process.arch === "arm64" ? "ARM64" : "X86_64";
    expect(task(other, name, "RuntimePlatform.CpuArchitecture")).toBe(here);
  });

  it("traffic: in from the balancer; out to AWS over TLS", () => {
    const ingress = prod.all("EC2::SecurityGroupIngress", `${name}/`).map(({ Properties }) => Properties);
    const fromBalancer = ingress.find(({ SourceSecurityGroupId }) =>
      JSON.stringify(SourceSecurityGroupId).includes("Balancer"),
    );
    expect(fromBalancer).toMatchObject({ FromPort: port, ToPort: port, IpProtocol: "tcp" });
    const group = prod.one("EC2::SecurityGroup", `${name}/`);
    expect(at(group, "SecurityGroupIngress")).toBeUndefined();
    expect(at(group, "SecurityGroupEgress")).toEqual([
      expect.objectContaining({ CidrIp: "0.0.0.0/0", IpProtocol: "tcp", FromPort: 443, ToPort: 443 }),
    ]);
  });

  it("image: built from its own package, without the other service's, tests or what was installed here", () => {
    const hash = /:([0-9a-f]{64})/.exec(JSON.stringify(container(prod, name, "Image")))?.[1];
    const context = `${prod.folder}/asset.${hash}`;
    const has = (path: string) => existsSync(`${context}/packages/${path}`);
    expect(has(`${name.toLowerCase()}/Dockerfile`)).toBe(true);
    expect(has("web/package.json")).toBe(name === "Web");
    expect(has("inference/src")).toBe(name === "Inference");
    expect(has("training/bundle/report.html")).toBe(name === "Web"); // its charts are shown there
    expect(
      ["training/src", "training/bundle/model.onnx", "features/node_modules", "model-bundle/test"].filter(has),
    ).toEqual([]);
    expect(existsSync(`${context}/node_modules`)).toBe(false);
  });
});

it("traffic: three ways in all, from the balancer to each service and from the web to inference", () => {
  const ways = prod
    .all("EC2::SecurityGroupIngress")
    .map(({ stack, Properties: { SourceSecurityGroupId: from, GroupId: to, FromPort } }) => {
      const party = (group: unknown) => /Ingress|Inference/.exec(JSON.stringify(group))?.[0] ?? stack;
      return `${party(from)} -> ${party(to)}:${String(FromPort)}`;
    });
  expect(ways.sort()).toEqual(["Ingress -> Inference:8080", "Ingress -> Web:3000", "Web -> Inference:8080"]);
});

it("inference: may read the models, send traces, and nothing else", () => {
  const policy = prod.one("IAM::Policy", "Inference/InferenceTaskDefinitionTaskRole");
  expect(at(policy, "PolicyDocument.Statement")).toEqual([
    { Effect: "Allow", Action: "s3:GetObject", Resource: { "Fn::Join": ["", [expect.anything(), "/models/*"]] } },
    { Effect: "Allow", Action: "xray:PutTraceSegments", Resource: "*" },
  ]);
});

it("web: may promote a model, add feedback, read CloudWatch and its own secret, send traces, and nothing else", () => {
  const policy = prod.one("IAM::Policy", "Web/WebTaskDefinitionTaskRole");
  const statements = list(policy, "PolicyDocument.Statement");
  expect(statements.map(({ Effect, Action, Resource }) => [Effect, Action, [Resource].flat().map(ending)])).toEqual([
    [
      "Allow",
      "ssm:GetParameters",
      [
        ":ssm:us-east-1:my-account:parameter/sst/tagsmith/prod/Secret/ADMIN_PASSWORD_HASH/value",
        ":ssm:us-east-1:my-account:parameter/sst/tagsmith/.fallback/Secret/ADMIN_PASSWORD_HASH/value",
      ],
    ],
    ["Allow", "s3:GetObject", ["/models/*", "/feedback/*"]],
    ["Allow", "s3:PutObject", ["/models/current.json", "/feedback/*"]],
    ["Allow", "s3:ListBucket", [expect.stringMatching(/GetAttModels.*Arn/)]],
    ["Allow", "cloudwatch:GetMetricData", ["*"]],
    ["Allow", "xray:PutTraceSegments", ["*"]],
  ]);
  expect(statements.find(({ Action }) => Action === "s3:ListBucket")).toHaveProperty("Condition", {
    StringLike: { "s3:prefix": ["models/*", "feedback/*"] },
  });
});

/** What tells a resource's address from another's of its kind. */
function ending(resource: unknown): unknown {
  const { "Fn::Join": [, parts] = [], "Fn::ImportValue": name } = resource as {
    "Fn::Join"?: [string, unknown[]];
    "Fn::ImportValue"?: string;
  };
  return parts?.at(-1) ?? name ?? resource;
}

it("web: is told how CloudWatch names what it shows, and that a balancer speaks for its visitors", () => {
  const environment = list(prod.one("ECS::TaskDefinition", "Web"), "ContainerDefinitions.0.Environment");
  const names = environment.map(({ Name }) => Name);
  for (const part of ["LOAD_BALANCER", "TARGET_GROUP", "CLUSTER", "SERVICE"])
    expect(names).toContain(`CLOUDWATCH_${part}`);
  expect(environment).toContainEqual({ Name: "TRUSTED_PROXIES", Value: "1" });
});

it("web: files on their way lie in a volume, the one place that its container may write", () => {
  const mount = { ContainerPath: "/uploads", ReadOnly: false, SourceVolume: "uploads" };
  expect(container(prod, "Web", "MountPoints")).toEqual([mount]);
  expect(task(prod, "Web", "Volumes")).toEqual([{ Name: "uploads" }]);
});

it("web: reaches inference privately, by a name that only inference has", () => {
  expect(service(prod, "Inference", "ServiceConnectConfiguration.Services")).toEqual([
    expect.objectContaining({ ClientAliases: [{ DnsName: "inference", Port: 8080 }] }),
  ]);
  expect(service(prod, "Web", "ServiceConnectConfiguration")).toMatchObject({ Enabled: true, Services: [] });
  expect(container(prod, "Web", "Environment")).toContainEqual({
    Name: "INFERENCE_URL",
    Value: "http://inference:8080",
  });
});
