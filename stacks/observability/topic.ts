import { RemovalPolicy } from "aws-cdk-lib";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import type { Stack } from "sst/constructs";

/** Where alarms are told, and who is written to. CloudWatch alone may tell something. */
export function alarmTopic(stack: Stack, mail: string | undefined): Topic {
  // CloudWatch can't use the key that AWS manages for SNS. Nothing that is kept is encrypted with it, so it goes with the stage.
  const key = new Key(stack, "AlarmsKey", { enableKeyRotation: true, removalPolicy: RemovalPolicy.DESTROY });
  const topic = new Topic(stack, "Alarms", { masterKey: key, enforceSSL: true });
  const cloudWatch = {
    principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
    conditions: { StringEquals: { "aws:SourceAccount": stack.account } },
  };
  topic.addToResourcePolicy(
    new PolicyStatement({ ...cloudWatch, actions: ["sns:Publish"], resources: [topic.topicArn] }),
  );
  key.addToResourcePolicy(
    new PolicyStatement({ ...cloudWatch, actions: ["kms:Decrypt", "kms:GenerateDataKey*"], resources: ["*"] }),
  );
  if (mail) topic.addSubscription(new EmailSubscription(mail));
  return topic;
}
