import { RemovalPolicy } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { LogGroup, type RetentionDays } from "aws-cdk-lib/aws-logs";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import * as sfn from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";
import { stepsOf, type StepOptions } from "./bulk-step.ts";

interface Options extends StepOptions {
  readonly name: string;
  /** Where the queue of tasks is, and what became of each. */
  readonly files: IBucket;
  /** At once. */
  readonly tasks: number;
  readonly logRetention: RetentionDays;
}

/** How a task ends that would fail again: packages/bulk/src/failure.ts. */
const isRefused = sfn.Condition.stringMatches("$.failure.Cause", '*"ExitCode":65*');

/**
 * A job: its plan, tasks over the shards that are not done, and the manifest. A task that fails ends no other: whatever can
 * be done is done, and the last step fails where something is missing. The next execution does what is left.
 */
export function bulkMachine(scope: Construct, options: Options) {
  // CDK's newer ways: what became of the map's items in S3, and rights on this very task definition.
  scope.node.setContext("@aws-cdk/aws-stepfunctions:useDistributedMapResultWriterV2", true);
  scope.node.setContext("@aws-cdk/aws-stepfunctions-tasks:fixRunEcsTaskPolicy", true);
  const { name, logRetention } = options;
  const unlessRefused = retrying(scope, options);
  const machine = new sfn.StateMachine(scope, "Machine", {
    stateMachineName: name,
    definitionBody: sfn.DefinitionBody.fromChainable(
      unlessRefused("Plan", "plan").next(shardMap(scope, options)).next(unlessRefused("Finish", "finish")),
    ),
    tracingEnabled: true,
    logs: {
      destination: new LogGroup(scope, "MachineLogs", {
        logGroupName: `/aws/vendedlogs/states/${name}`,
        retention: logRetention,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
      level: sfn.LogLevel.ALL,
    },
  });
  // Running a task with tags also takes the right to tag it.
  machine.addToRolePolicy(
    new PolicyStatement({
      actions: ["ecs:TagResource"],
      resources: ["*"],
      conditions: { StringEquals: { "ecs:CreateAction": "RunTask" } },
    }),
  );
}

/** Makes steps that are run again unless that is of no use. */
function retrying(scope: Construct, options: StepOptions) {
  const step = stepsOf(scope, options);
  const refused = new sfn.Fail(scope, "Refused", { errorPath: "$.failure.Error", causePath: "$.failure.Cause" });
  return (id: string, command: "plan" | "finish") => {
    const again = step(`${id} again`, { command });
    const why = new sfn.Choice(scope, `${id} refused?`).when(isRefused, refused).otherwise(again);
    const first = step(id, { command, isRetried: false }).addCatch(why, {
      errors: ["States.TaskFailed"],
      resultPath: "$.failure",
    });
    return sfn.Chain.custom(first, [first, again], again);
  };
}

/** A task for each entry of the queue. */
function shardMap(scope: Construct, options: Options) {
  const { files, tasks } = options;
  const step = stepsOf(scope, options);
  const variables = { SHARDS: "$.shards" };
  // Spot may have no capacity, or reclaim a task: then it runs on demand.
  const tag = step("Tag on Spot", { command: "tag", capacityProvider: "FARGATE_SPOT", variables }).addCatch(
    step("Tag on demand", { command: "tag", variables }),
    { resultPath: sfn.JsonPath.DISCARD },
  );
  return new sfn.DistributedMap(scope, "Tag", {
    maxConcurrency: tasks,
    toleratedFailurePercentage: 100,
    itemReader: new sfn.S3JsonItemReader({ bucket: files, key: sfn.JsonPath.stringAt("$.queue") }),
    itemSelector: {
      input: sfn.JsonPath.stringAt("$.input"),
      output: sfn.JsonPath.stringAt("$.output"),
      shards: sfn.JsonPath.stringAt("$$.Map.Item.Value.shards"),
    },
    // There may be more of them than a state's output can hold.
    resultWriterV2: new sfn.ResultWriterV2({ bucket: files, prefix: "runs" }),
    resultPath: sfn.JsonPath.DISCARD,
  }).itemProcessor(tag);
}
