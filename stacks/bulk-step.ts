import { Duration } from "aws-cdk-lib";
import type { ISecurityGroup } from "aws-cdk-lib/aws-ec2";
import { type ContainerDefinition, type ICluster, PropagatedTagSource } from "aws-cdk-lib/aws-ecs";
import * as sfn from "aws-cdk-lib/aws-stepfunctions";
import { EcsRunTask } from "aws-cdk-lib/aws-stepfunctions-tasks";
import type { Construct } from "constructs";

export interface StepOptions {
  readonly cluster: ICluster;
  readonly container: ContainerDefinition;
  readonly securityGroup: ISecurityGroup;
}

interface Step {
  /** What `bulk.js` is to do. */
  readonly command: "plan" | "tag" | "finish";
  readonly capacityProvider?: "FARGATE" | "FARGATE_SPOT";
  /** Whether it is run again where it fails; where it can't be started, it always is. */
  readonly isRetried?: boolean;
  /** Paths into the state's input. */
  readonly variables?: Readonly<Record<string, string>>;
}

const patiently = {
  interval: Duration.seconds(15),
  backoffRate: 2,
  maxDelay: Duration.minutes(5),
  jitterStrategy: sfn.JitterType.FULL,
};

/** What Step Functions calls a RunTask that is refused, or answered with failures. */
const notStarted = ["ECS.AmazonECSException", "AmazonECS.Unknown"];

const variable = ([name, path]: [string, string]) => ({ name, value: sfn.JsonPath.stringAt(path) });

/** States that run the container to its end, and again where it fails, for what it has done stays done. */
export const stepsOf =
  (scope: Construct, { cluster, container, securityGroup }: StepOptions) =>
  (id: string, { command, capacityProvider = "FARGATE", isRetried = true, variables = {} }: Step) => {
    const step = new EcsRunTask(scope, id, {
      integrationPattern: sfn.IntegrationPattern.RUN_JOB,
      cluster,
      taskDefinition: container.taskDefinition,
      propagatedTagSource: PropagatedTagSource.TASK_DEFINITION,
      securityGroups: [securityGroup],
      launchTarget: {
        bind: () => ({ parameters: { CapacityProviderStrategy: [{ CapacityProvider: capacityProvider, Weight: 1 }] } }),
      },
      containerOverrides: [
        {
          containerDefinition: container,
          command: ["node", "bulk.js", command],
          environment: Object.entries({ INPUT: "$.input", OUTPUT: "$.output", ...variables }).map(variable),
        },
      ],
      // A heavy model takes its time; what hangs is ended at last.
      taskTimeout: sfn.Timeout.duration(Duration.hours(6)),
      resultPath: sfn.JsonPath.DISCARD,
    });
    // On demand, an account's quota of vCPUs is waited for; Spot without room is given up soon.
    if (capacityProvider === "FARGATE") step.addRetry({ ...patiently, errors: [...notStarted], maxAttempts: 24 });
    if (isRetried) step.addRetry({ ...patiently, maxAttempts: 3 });
    return step;
  };
