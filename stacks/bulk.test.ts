import { refusedCode } from "@tagsmith/bulk/failure";
import validate from "asl-validator";
import { describe, expect, it } from "vitest";
import { at, list, type Resource, synthesise } from "./test/synth.ts";

const prod = await synthesise("prod");
const other = await synthesise("other");
const dev = await synthesise("other", "dev");

interface State {
  readonly Type: string;
  readonly Resource?: string;
  readonly Next?: string;
  readonly MaxConcurrency?: number;
  readonly [field: string]: unknown;
}

interface Definition {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

/** A definition is joined of texts and references; a name stands for each of these. */
function definitionOf(app: typeof prod): Definition {
  const parts = at(app.one("StepFunctions::StateMachine"), "DefinitionString.Fn::Join.1") as unknown[];
  return JSON.parse(parts.map((part) => (typeof part === "string" ? part : "aws")).join("")) as Definition;
}

const notStarted = ["ECS.AmazonECSException", "AmazonECS.Unknown"];
const definition = definitionOf(prod);
const map = definition.States["Tag"];
const tasks = (map?.["ItemProcessor"] as Definition).States;

describe("state machine", () => {
  it("language: is one that Step Functions takes", () => {
    expect(validate(definition)).toMatchObject({ isValid: true, errors: [] });
  });

  it("order: plan, shards, manifest", () => {
    expect(definition.StartAt).toBe("Plan");
    for (const plan of ["Plan", "Plan again"]) expect(definition.States[plan]?.Next).toBe("Tag");
    expect(map?.Next).toBe("Finish");
    for (const finish of ["Finish", "Finish again"]) expect(definition.States[finish]).toMatchObject({ End: true });
  });

  it("shards: as items of a distributed map out of S3, so many at once as the stage allows", () => {
    expect(map).toMatchObject({
      Type: "Map",
      MaxConcurrency: 100,
      ItemProcessor: { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" } },
      ItemReader: { ReaderConfig: { InputType: "JSON" }, Parameters: { "Key.$": "$.queue" } },
      ResultWriter: { Parameters: { Prefix: "runs" } },
    });
    expect(definitionOf(other).States["Tag"]?.MaxConcurrency).toBe(4);
  });

  it("failure: of one task ends no other, and none is forgotten: the manifest is refused then", () => {
    expect(map).toMatchObject({ ToleratedFailurePercentage: 100 });
    expect(definition.States["Finish again"]).not.toHaveProperty("Catch");
  });

  it.each(["Plan", "Finish"])("%s: ends the job at once where it would fail again, and is tried again else", (name) => {
    expect(definition.States[name]).toMatchObject({
      Retry: [{ ErrorEquals: notStarted }],
      Catch: [{ ErrorEquals: ["States.TaskFailed"], ResultPath: "$.failure", Next: `${name} refused?` }],
    });
    expect(definition.States[`${name} refused?`]).toMatchObject({
      Type: "Choice",
      Choices: [{ Variable: "$.failure.Cause", StringMatches: `*"ExitCode":${refusedCode}*`, Next: "Refused" }],
      Default: `${name} again`,
    });
    expect(definition.States["Refused"]).toMatchObject({
      ...{ Type: "Fail", ErrorPath: "$.failure.Error", CausePath: "$.failure.Cause" },
    });
  });

  it.each(["Plan again", "Finish again", "Tag on Spot", "Tag on demand"])(
    "%s: waits for its task, which is tried again",
    (name) => {
      const state = definition.States[name] ?? tasks[name];
      expect(state?.Resource).toMatch(/:ecs:runTask\.sync$/);
      expect(state).toMatchObject({
        TimeoutSeconds: 21_600,
        Retry: expect.arrayContaining([
          expect.objectContaining({
            ErrorEquals: ["States.ALL"],
            MaxAttempts: 3,
            BackoffRate: 2,
            JitterStrategy: "FULL",
          }),
        ]) as unknown,
      });
    },
  );

  it("quota: is waited for by what runs on demand", () => {
    const waiting = {
      ErrorEquals: notStarted,
      MaxAttempts: 24,
      MaxDelaySeconds: 300,
    };
    expect(tasks["Tag on demand"]).toMatchObject({ Retry: [waiting, {}] });
    expect(tasks["Tag on Spot"]?.["Retry"]).toHaveLength(1);
  });

  it("price: Spot, and on demand what Spot doesn't do", () => {
    const provider = (name: string) => ({ Parameters: { CapacityProviderStrategy: [{ CapacityProvider: name }] } });
    expect(tasks["Tag on Spot"]).toMatchObject(provider("FARGATE_SPOT"));
    expect(tasks["Tag on Spot"]).toMatchObject({ Catch: [{ ErrorEquals: ["States.ALL"], Next: "Tag on demand" }] });
    expect(tasks["Tag on demand"]).toMatchObject(provider("FARGATE"));
  });

  it.each(["Plan", "Finish", "Tag on Spot", "Tag on demand"])("%s: has its task's costs told apart by tags", (name) => {
    const parameters = (definition.States[name] ?? tasks[name])?.["Parameters"];
    expect(parameters).toMatchObject({ PropagateTags: "TASK_DEFINITION" });
  });

  it("overrides: the same command in the same container, told where by the execution's input", () => {
    expect(tasks["Tag on Spot"]).toMatchObject({
      Parameters: {
        Overrides: {
          ContainerOverrides: [
            {
              Name: "Bulk",
              Command: ["node", "bulk.js", "tag"],
              Environment: [
                { Name: "INPUT", "Value.$": "$.input" },
                { Name: "OUTPUT", "Value.$": "$.output" },
                { Name: "SHARDS", "Value.$": "$.shards" },
              ],
            },
          ],
        },
      },
    });
  });
});

describe("task", () => {
  const task = prod.one("ECS::TaskDefinition", "Bulk");

  it("image: the very one of the inference service", () => {
    const imageOf = (definition: Resource) => at(definition, "ContainerDefinitions.0.Image");
    expect(imageOf(task)).toEqual(imageOf(prod.one("ECS::TaskDefinition", "Inference")));
  });

  it.each([
    ["prod", prod],
    ["other", other],
  ])("work: shared out among as many tasks as run at once in %s, a thread for each of their cores", (_stage, app) => {
    const task = app.one("ECS::TaskDefinition", "Bulk");
    const environment = list(task, "ContainerDefinitions.0.Environment");
    const tasks = definitionOf(app).States["Tag"]?.MaxConcurrency;
    expect(environment).toContainEqual({ Name: "TASKS", Value: String(tasks) });
    expect(environment).toContainEqual({ Name: "MODEL_WORKERS", Value: String(Number(at(task, "Cpu")) / 1024) });
  });

  it("container: an unprivileged user who can write one folder", () => {
    expect(at(task, "ContainerDefinitions.0")).toMatchObject({
      User: "1000",
      ReadonlyRootFilesystem: true,
      MountPoints: [{ ContainerPath: "/models", ReadOnly: false, SourceVolume: "models" }],
    });
    expect(at(task, "ContainerDefinitions.0")).not.toHaveProperty("PortMappings");
  });

  it("rights: reads models and files, writes results, deletes nothing", () => {
    const policy = prod.one("IAM::Policy", "Bulk/TaskTaskRole");
    const statements = list(policy, "PolicyDocument.Statement");
    expect(statements.map(({ Action, Resource }) => [Action, [Resource].flat().map(ending)])).toEqual([
      ["s3:GetObject", ["/models/*", "/*"]],
      ["s3:PutObject", ["/out/*"]],
      ["s3:ListBucket", [""]],
    ]);
  });

  it("network: in private subnets, and out over TLS only", () => {
    const network = "Parameters.NetworkConfiguration.AwsvpcConfiguration";
    expect(at({ Properties: { ...definition.States["Plan"] } }, `${network}.Subnets`)).toHaveLength(2);
    expect(at(prod.one("EC2::SecurityGroup", "Bulk"), "SecurityGroupEgress")).toEqual([
      expect.objectContaining({ CidrIp: "0.0.0.0/0", IpProtocol: "tcp", FromPort: 443, ToPort: 443 }),
    ]);
  });
});

it("state machine's rights: its own task, its own executions, its bucket, its log", () => {
  const all = prod.all("IAM::Policy", "Bulk/JobMachine").flatMap((policy) => list(policy, "PolicyDocument.Statement"));
  const statements = all.flatMap(({ Action, Resource }) =>
    [Action].flat().map((action) => [String(action), Resource] as const),
  );
  const services = statements.map(([action]) => action.split(":")[0]);
  expect([...new Set(services)].sort()).toEqual(["ecs", "events", "iam", "logs", "s3", "states", "xray"]);
  const resourcesOf = (wanted: string) =>
    statements.filter(([action]) => action === wanted).map(([, resource]) => resource);
  const task = { Ref: prod.one("ECS::TaskDefinition", "Bulk").id };
  expect(new Set(resourcesOf("ecs:RunTask"))).toEqual(new Set([task]));
  for (const role of resourcesOf("iam:PassRole").flat())
    expect(JSON.stringify(role)).toMatch(/"Task(TaskRole|ExecutionRole)/);
  for (const object of resourcesOf("s3:PutObject"))
    expect(JSON.stringify(object)).toContain(prod.one("S3::Bucket", "Bulk").id);
  expect(all).toContainEqual(
    expect.objectContaining({
      Action: "ecs:TagResource",
      Condition: { StringEquals: { "ecs:CreateAction": "RunTask" } },
    }),
  );
});

it("files: are deleted in time, with what uploads that broke off have left", () => {
  const rules = at(prod.one("S3::Bucket", "Bulk"), "LifecycleConfiguration.Rules");
  const AbortIncompleteMultipartUpload = { DaysAfterInitiation: 7 };
  expect(rules).toEqual([{ ExpirationInDays: 90, AbortIncompleteMultipartUpload, Status: "Enabled" }]);
});

it("sst dev: makes the bucket alone", () => {
  expect(dev.all("S3::Bucket", "Bulk")).toHaveLength(1);
  expect(dev.all("StepFunctions::StateMachine")).toEqual([]);
});

/** What follows the bucket in a resource's name. */
function ending(resource: unknown): string {
  const last = (resource as { "Fn::Join"?: [string, unknown[]] })["Fn::Join"]?.[1].at(-1);
  return typeof last === "string" ? last : "";
}

it("the image that it shares with the service has been pushed when its stack is deployed", () => {
  expect(prod.stacks.find(({ name }) => name === "Bulk")?.dependsOn).toContain("Inference");
});
