import { Duration } from "aws-cdk-lib";
import { MathExpression, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { above, below, type Condition } from "./alarms.ts";
import { failedPercent } from "./failed-percent.ts";
import type { serviceMetrics } from "./metrics.ts";

const { BREACHING: bad, NOT_BREACHING: fine } = TreatMissingData;

/** In a minute with fewer requests, one or two failures or slow answers say nothing. */
const fewestRequests = 20;

type Metrics = ReturnType<typeof serviceMetrics>;

/** What both services are watched for. */
export const serviceConditions = (metrics: Metrics): Condition[] => [...ofRequests(metrics), ...ofTasks(metrics)];

function ofRequests(metrics: Metrics): Condition[] {
  return [
    // The balancer reports nothing for a target group without targets.
    {
      kind: "no-healthy-host",
      metric: metrics.healthyHosts,
      ...below(1),
      evaluationPeriods: 2,
      treatMissingData: bad,
    },
    // A minute without requests has no data, and none of its requests failed or was slow.
    {
      kind: "server-errors",
      metric: failedPercent(metrics, fewestRequests),
      ...above(5),
      evaluationPeriods: 5,
      datapointsToAlarm: 3,
      treatMissingData: fine,
    },
    {
      kind: "slow-answers",
      // CloudWatch's own setting for low samples would keep the alarm's state in every minute with less than a thousand.
      metric: new MathExpression({
        label: "p99",
        expression: `IF(requests >= ${fewestRequests}, p99, 0)`,
        usingMetrics: { requests: metrics.requests, p99: metrics.latency("p99") },
        period: Duration.minutes(1),
      }),
      ...above(1),
      evaluationPeriods: 5,
      datapointsToAlarm: 4,
      treatMissingData: fine,
    },
  ];
}

function ofTasks({ cpu, memory, desired, running }: Metrics): Condition[] {
  // Where no task runs, none is busy: `tasks-missing` says so.
  const full = { ...above(85), evaluationPeriods: 5, treatMissingData: fine };
  return [
    { kind: "cpu-high", metric: cpu, ...full },
    { kind: "memory-high", metric: memory, ...full },
    // Longer than a new task takes to start. Container Insights always reports a service that exists.
    {
      kind: "tasks-missing",
      metric: new MathExpression({
        label: "missing tasks",
        expression: "desired - running",
        usingMetrics: { desired, running },
        period: Duration.minutes(1),
      }),
      ...above(0),
      evaluationPeriods: 10,
      treatMissingData: bad,
    },
  ];
}
