import { AssetHashType, DockerImage, Duration, RemovalPolicy } from "aws-cdk-lib";
import { LogGroup, type RetentionDays } from "aws-cdk-lib/aws-logs";
import { Bucket, type IBucket } from "aws-cdk-lib/aws-s3";
import { Canary, Code, Runtime, RuntimeFamily, Schedule, Test } from "aws-cdk-lib/aws-synthetics";
import type { Stack } from "sst/constructs";
import { locked } from "../storage.ts";
import { bundleCanary } from "./canary-bundle.ts";
import { canaryRole } from "./canary-role.ts";

interface Options {
  readonly name: string;
  readonly url: string;
  readonly minutes: number;
  /** Of the bucket's accesses. */
  readonly logs: IBucket;
  /** How long what the canary says is kept. */
  readonly retention: RetentionDays;
}

/** A browser that asks a question as a visitor does, from outside, again and again. */
export function canary(stack: Stack, { name, url, minutes, logs, retention }: Options): Canary {
  const bucket = new Bucket(stack, "CanaryRuns", {
    ...locked(false),
    lifecycleRules: [{ expiration: Duration.days(30) }],
    serverAccessLogsBucket: logs,
    serverAccessLogsPrefix: "canary/",
  });
  // Its function, and so the group of its logs, is named by so much of its name.
  const group = `/aws/lambda/cwsyn-${name.slice(0, 21)}-`;
  const canary = new Canary(stack, "Canary", {
    canaryName: name,
    // CDK knows none of the runtimes that AWS still mends.
    runtime: new Runtime("syn-nodejs-playwright-8.0", RuntimeFamily.NODEJS),
    test: Test.custom({ handler: "canary.handler", code: bundled() }),
    environmentVariables: { SITE: url },
    schedule: Schedule.rate(Duration.minutes(minutes)),
    timeout: Duration.minutes(1),
    artifactsBucketLocation: { bucket },
    role: canaryRole(stack, group, bucket),
    successRetentionPeriod: Duration.days(7),
    failureRetentionPeriod: Duration.days(30),
    provisionedResourceCleanup: true,
  });
  new LogGroup(stack, "CanaryLogs", {
    logGroupName: `${group}${canary.canaryId}`,
    retention,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  return canary;
}

/** Built by esbuild here, never by Docker. */
function bundled(): Code {
  const tryBundle = (folder: string) => (bundleCanary(folder), true);
  const bundling = { image: DockerImage.fromRegistry("none"), local: { tryBundle } };
  return Code.fromAsset("e2e", { bundling, assetHashType: AssetHashType.OUTPUT });
}
