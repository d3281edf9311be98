import { expect, it } from "vitest";
import { at, list, synthesise } from "./test/synth.ts";

const prod = await synthesise("prod");
const staging = await synthesise("staging");

it("asks the site every five minutes in prod, and may write its own runs and nothing else", () => {
  const canary = prod.one("Synthetics::Canary");
  expect(at(canary, "Schedule.Expression")).toBe("rate(5 minutes)");
  expect(JSON.stringify(at(canary, "RunConfig.EnvironmentVariables.SITE"))).toContain("Balancer");
  const role = prod.one("IAM::Role", "CanaryRole");
  const statements = list(role, "Policies.0.PolicyDocument.Statement");
  expect(statements.flatMap(({ Action }) => Action)).toEqual([
    ...["s3:PutObject", "s3:GetBucketLocation", "s3:ListAllMyBuckets", "cloudwatch:PutMetricData"],
    ...["logs:CreateLogStream", "logs:PutLogEvents"],
  ]);
  expect(role.Properties).not.toHaveProperty("ManagedPolicyArns");
});

it.each([
  [prod, "prod-tagsmith-journey"],
  [staging, "staging-tagsmith-jour"],
])("logs: go where Synthetics writes them, which knows a canary by 21 characters", (app, known) => {
  const { id } = app.one("Synthetics::Canary");
  expect(at(app.one("Logs::LogGroup", "CanaryLogs"), "LogGroupName")).toEqual({
    "Fn::Join": ["", [`/aws/lambda/cwsyn-${known}-`, { "Fn::GetAtt": [id, "Id"] }]],
  });
  expect(JSON.stringify(app.one("IAM::Role", "CanaryRole"))).toContain(`:log-group:/aws/lambda/cwsyn-${known}-*`);
});

it("logs: in a group that forgets, goes with the stage, and is the only one the canary can write to", () => {
  const group = prod.one("Logs::LogGroup", "CanaryLogs");
  expect(at(group, "RetentionInDays")).toBe(90);
  expect(group.DeletionPolicy).toBe("Delete");
  expect(JSON.stringify(prod.one("IAM::Role", "CanaryRole").Properties)).not.toContain("logs:CreateLogGroup");
});

it("goes with its function, which CloudFormation didn't make", () => {
  expect(at(prod.one("Synthetics::Canary"), "ProvisionedResourceCleanup")).toBe("AUTOMATIC");
});

it("runs: encrypted, closed to the public, and forgotten in time", () => {
  const bucket = prod.one("S3::Bucket", "CanaryRuns");
  expect(JSON.stringify(at(bucket, "BucketEncryption"))).toContain("AES256");
  expect(at(bucket, "PublicAccessBlockConfiguration.RestrictPublicBuckets")).toBe(true);
  expect(at(bucket, "LifecycleConfiguration.Rules")).toEqual([{ ExpirationInDays: 30, Status: "Enabled" }]);
});
