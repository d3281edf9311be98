import { Duration } from "aws-cdk-lib";
import { MathExpression, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { above, below, type Condition } from "./alarms.ts";
import { failedPercent } from "./failed-percent.ts";
import type { serviceMetrics } from "./metrics.ts";

const { BREACHING: bad, NOT_BREACHING: fine } = TreatMissingData;

/** In a minute with fewer requests, a failure or two is no rate, and a slow answer or two no trend. */
const fewestRequests = 20;

/** What both services are watched for. */
export function serviceConditions(metrics: ReturnType<typeof serviceMetrics>): Condition[] {
  const { desired, running } = metrics;
  return [
    // The balancer says nothing of a group without targets.
    {
      kind: "no-healthy-host",
      metric: metrics.healthyHosts,
      ...below(1),
      evaluationPeriods: 2,
      treatMissingData: bad,
    },
    // Nothing is said of a minute without requests, and none failed in it; the same holds for their times.
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
      // CloudWatch's own way with few samples leaves the alarm as it was in every minute with less than a thousand.
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
    // Where no task runs, none is busy: that is for `tasks-missing` to say.
    {
      kind: "cpu-high",
      metric: metrics.cpu,
      ...above(85),
      evaluationPeriods: 5,
      treatMissingData: fine,
    },
    {
      kind: "memory-high",
      metric: metrics.memory,
      ...above(85),
      evaluationPeriods: 5,
      treatMissingData: fine,
    },
    // Longer than a new task takes. Container Insights always counts a service that is there.
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
