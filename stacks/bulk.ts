import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { Peer, Port, SecurityGroup } from "aws-cdk-lib/aws-ec2";
import { CpuArchitecture, FargateTaskDefinition, LogDrivers } from "aws-cdk-lib/aws-ecs";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { Bucket } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { type StackContext, use } from "sst/constructs";
import { bulkMachine } from "./bulk-machine.ts";
import { imageOf, unprivileged } from "./container.ts";
import { inferenceImage } from "./inference.ts";
import { Network } from "./network.ts";
import { stageOf } from "./stage.ts";
import { locked, Storage } from "./storage.ts";

const keptDays = 90;

/** Tags files of questions in a bucket of their own, by as many tasks as a job needs: none runs and costs between two jobs. */
export function Bulk({ app, stack }: StackContext) {
  const { cluster } = use(Network);
  const { models, logs } = use(Storage);
  const { bulk, architecture, keepsData, logRetention } = stageOf(app);

  const files = new Bucket(stack, "Files", {
    ...locked(keepsData),
    lifecycleRules: [{ expiration: Duration.days(keptDays) }],
    serverAccessLogsBucket: logs,
    serverAccessLogsPrefix: "bulk/",
  });
  stack.addOutputs({ files: files.bucketName });
  // `sst dev` has no way for a task out of the VPC, and `sst remove` builds no image.
  if (app.mode !== "deploy") return;

  const logGroup = new LogGroup(stack, "Logs", { retention: logRetention, removalPolicy: RemovalPolicy.DESTROY });
  const taskDefinition = new FargateTaskDefinition(stack, "Task", {
    cpu: 1024 * bulk.cpus,
    memoryLimitMiB: 1024 * bulk.gigabytes,
    runtimePlatform: {
      cpuArchitecture: architecture === "arm64" ? CpuArchitecture.ARM64 : CpuArchitecture.X86_64,
    },
    volumes: [{ name: "models" }],
  });
  const container = taskDefinition.addContainer("Bulk", {
    image: imageOf(inferenceImage, architecture),
    logging: LogDrivers.awsLogs({ logGroup, streamPrefix: "bulk" }),
    environment: { MODEL_BUCKET: models.bucketName, MODEL_WORKERS: String(bulk.cpus), TASKS: String(bulk.tasks) },
    ...unprivileged,
  });
  container.addMountPoints({ sourceVolume: "models", containerPath: "/models", readOnly: false });
  const allow = (actions: string[], resources: string[]) =>
    taskDefinition.addToTaskRolePolicy(new PolicyStatement({ actions, resources }));
  allow(["s3:GetObject"], [models.arnForObjects("models/*"), files.arnForObjects("*")]);
  allow(["s3:PutObject"], [files.arnForObjects("out/*")]);
  // Without it, S3 answers 403 for what isn't there yet.
  allow(["s3:ListBucket"], [files.bucketArn]);

  const securityGroup = new SecurityGroup(stack, "SecurityGroup", { vpc: cluster.vpc, allowAllOutbound: false });
  securityGroup.addEgressRule(Peer.anyIpv4(), Port.HTTPS, "AWS");
  const name = app.logicalPrefixedName("bulk");
  bulkMachine(new Construct(stack, "Job"), {
    name,
    cluster,
    container,
    securityGroup,
    files,
    tasks: bulk.tasks,
    logRetention,
  });
}
