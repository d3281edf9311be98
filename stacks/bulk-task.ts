import { RemovalPolicy, type Stack } from "aws-cdk-lib";
import { CpuArchitecture, FargateTaskDefinition, LogDrivers, OperatingSystemFamily } from "aws-cdk-lib/aws-ecs";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import { imageOf, unprivileged } from "./container.ts";
import { inferenceImage } from "./inference.ts";
import type { Stage } from "./stage.ts";

interface Options {
  readonly stage: Stage;
  readonly models: IBucket;
  readonly files: IBucket;
}

/** The inference service's image, to be run once for a step of a job: it reads models and files, and writes results. */
export function bulkTask(stack: Stack, { stage, models, files }: Options) {
  const { bulk, architecture, logRetention: retention } = stage;
  const logGroup = new LogGroup(stack, "Logs", { retention, removalPolicy: RemovalPolicy.DESTROY });
  const task = new FargateTaskDefinition(stack, "Task", {
    cpu: 1024 * bulk.cpus,
    memoryLimitMiB: 1024 * bulk.gigabytes,
    runtimePlatform: {
      cpuArchitecture: architecture === "arm64" ? CpuArchitecture.ARM64 : CpuArchitecture.X86_64,
      operatingSystemFamily: OperatingSystemFamily.LINUX,
    },
    volumes: [{ name: "models" }],
  });
  const container = task.addContainer("Bulk", {
    image: imageOf(inferenceImage, architecture),
    logging: LogDrivers.awsLogs({ logGroup, streamPrefix: "bulk" }),
    environment: { MODEL_BUCKET: models.bucketName, MODEL_WORKERS: String(bulk.cpus), TASKS: String(bulk.tasks) },
    ...unprivileged,
  });
  container.addMountPoints({ sourceVolume: "models", containerPath: "/models", readOnly: false });
  const allow = (actions: string[], resources: string[]) =>
    task.addToTaskRolePolicy(new PolicyStatement({ actions, resources }));
  allow(["s3:GetObject"], [models.arnForObjects("models/*"), files.arnForObjects("*")]);
  allow(["s3:PutObject"], [files.arnForObjects("out/*")]);
  // Without it, S3 answers 403 for what isn't there yet.
  allow(["s3:ListBucket"], [files.bucketArn]);
  return container;
}
