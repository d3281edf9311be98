import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import type { Stack } from "sst/constructs";

/** What Synthetics asks for, for this canary alone: CDK's role may write the logs of all. */
export function canaryRole(stack: Stack, group: string, bucket: IBucket): Role {
  const groups = `arn:${stack.partition}:logs:${stack.region}:${stack.account}:log-group:${group}*`;
  const allow = (actions: string[], resource: string, conditions = {}) =>
    new PolicyStatement({ actions, resources: [resource], conditions });
  const statements = [
    allow(["s3:PutObject"], bucket.arnForObjects("*")),
    allow(["s3:GetBucketLocation"], bucket.bucketArn),
    allow(["s3:ListAllMyBuckets"], "*"),
    allow(["cloudwatch:PutMetricData"], "*", { StringEquals: { "cloudwatch:namespace": "CloudWatchSynthetics" } }),
    // Not to make the group, which would never expire: canary.ts makes it.
    allow(["logs:CreateLogStream", "logs:PutLogEvents"], groups),
  ];
  return new Role(stack, "CanaryRole", {
    assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
    // Not a policy beside the role, which the first run would be too early for.
    inlinePolicies: { run: new PolicyDocument({ statements }) },
  });
}
