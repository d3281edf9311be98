import { Duration } from "aws-cdk-lib";
import { Peer, Port, SecurityGroup } from "aws-cdk-lib/aws-ec2";
import { Bucket } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { dependsOn, type StackContext, use } from "sst/constructs";
import { bulkMachine } from "./bulk-machine.ts";
import { bulkTask } from "./bulk-task.ts";
import { Inference } from "./inference.ts";
import { Network } from "./network.ts";
import { stageOf } from "./stage.ts";
import { locked, Storage } from "./storage.ts";

/** Tags files of questions in a bucket of their own, by as many tasks as a job needs: none runs and costs between two jobs. */
export function Bulk({ app, stack }: StackContext) {
  const { cluster } = use(Network);
  const { models, logs } = use(Storage);
  const stage = stageOf(app);

  const files = new Bucket(stack, "Files", {
    ...locked(stage.keepsData),
    // What of a large file was sent before its upload broke off is no object, and never expires by itself.
    lifecycleRules: [{ expiration: Duration.days(90), abortIncompleteMultipartUploadAfter: Duration.days(7) }],
    serverAccessLogsBucket: logs,
    serverAccessLogsPrefix: "bulk/",
  });
  stack.addOutputs({ files: files.bucketName });
  // `sst dev` has no way for a task out of the VPC, and `sst remove` builds no image.
  if (app.mode !== "deploy") return;

  // Both have the same image: two stacks that push it at once refuse each other, since a tag never changes.
  dependsOn(Inference);
  const container = bulkTask(stack, { stage, models, files });
  const securityGroup = new SecurityGroup(stack, "SecurityGroup", { vpc: cluster.vpc, allowAllOutbound: false });
  securityGroup.addEgressRule(Peer.anyIpv4(), Port.HTTPS, "AWS");
  bulkMachine(new Construct(stack, "Job"), {
    name: app.logicalPrefixedName("bulk"),
    ...{ cluster, container, securityGroup, files },
    tasks: stage.bulk.tasks,
    logRetention: stage.logRetention,
  });
}
