import { Duration, FileSystem, RemovalPolicy } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { BlockPublicAccess, Bucket, BucketEncryption } from "aws-cdk-lib/aws-s3";
import { Function, Script, type StackContext } from "sst/constructs";
import { stageOf } from "./stage.ts";

const shippedBundle = "packages/training/bundle";

/** The models, the access logs, and the shipped model for a stage that has none of its own. */
export function Storage({ app, stack }: StackContext) {
  const { keepsData, logRetention } = stageOf(app);

  const logs = new Bucket(stack, "AccessLogs", {
    ...locked(keepsData),
    lifecycleRules: [{ expiration: Duration.days(logRetention) }],
  });

  // CDK's bucket, not SST's, which opens itself to every origin's CORS requests.
  const models = new Bucket(stack, "Models", {
    ...locked(keepsData),
    versioned: true,
    lifecycleRules: [{ noncurrentVersionExpiration: Duration.days(90) }],
    serverAccessLogsBucket: logs,
    serverAccessLogsPrefix: "models/",
  });

  const seed = new Function(stack, "Seed", {
    handler: "packages/model-bundle/src/seed-handler.handler",
    copyFiles: [{ from: shippedBundle }],
    // SST builds for the newest Node otherwise, which understands more than Lambda's.
    nodejs: { esbuild: { target: "node20" } },
    enableLiveDev: false,
    timeout: "2 minutes",
    tracing: "disabled",
    logGroup: new LogGroup(stack, "SeedLogs", { retention: logRetention, removalPolicy: RemovalPolicy.DESTROY }),
    permissions: [
      new PolicyStatement({ actions: ["s3:GetObject", "s3:PutObject"], resources: [models.arnForObjects("models/*")] }),
      // S3 answers 403 for a missing object to who may not list, and a first deployment finds none.
      new PolicyStatement({ actions: ["s3:ListBucket"], resources: [models.bucketArn] }),
    ],
  });
  // The version changes with the bundle alone: a deployment of anything else doesn't run it.
  const version = FileSystem.fingerprint(shippedBundle);
  new Script(stack, "Seeding", { onCreate: seed, onUpdate: seed, version, params: { bucket: models.bucketName } });

  return { models, logs };
}

/** What every bucket is: closed, encrypted, and gone with its stage unless that keeps its data. */
export const locked = (keepsData: boolean) => ({
  encryption: BucketEncryption.S3_MANAGED,
  enforceSSL: true,
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  removalPolicy: keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  autoDeleteObjects: !keepsData,
});
