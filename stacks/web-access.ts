import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IBucket } from "aws-cdk-lib/aws-s3";

/** What the pages' tasks may do: promote a model, add feedback, and show both with the stage's figures. */
export function accessOf(models: IBucket): PolicyStatement[] {
  const objects = (key: string) => models.arnForObjects(key);
  return [
    new PolicyStatement({ actions: ["s3:GetObject"], resources: [objects("models/*"), objects("feedback/*")] }),
    new PolicyStatement({
      actions: ["s3:PutObject"],
      resources: [objects("models/current.json"), objects("feedback/*")],
    }),
    new PolicyStatement({
      actions: ["s3:ListBucket"],
      resources: [models.bucketArn],
      conditions: { StringLike: { "s3:prefix": ["models/*", "feedback/*"] } },
    }),
    // CloudWatch knows no resources here.
    new PolicyStatement({ actions: ["cloudwatch:GetMetricData"], resources: ["*"] }),
  ];
}
