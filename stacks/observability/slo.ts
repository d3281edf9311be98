import { Duration } from "aws-cdk-lib";
import { AlarmRule, AlarmState, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import type { ApplicationLoadBalancer } from "aws-cdk-lib/aws-elasticloadbalancingv2";
import { above, type Alarms } from "./alarms.ts";
import { failedPercent } from "./failed-percent.ts";
import { siteMetrics } from "./metrics.ts";

/** What visitors are promised: 99.9 % of the requests of four weeks don't fail, and 95 % take less than 300 ms. */
export const objective = { failedPercent: 0.1, days: 28, p95Seconds: 0.3 };

/**
 * How many times faster than allowed the budget goes when it is told. The long window says that it matters, the short
 * one that it still goes on (Google's SRE workbook, "Alerting on SLOs").
 */
const paces = {
  fast: { factor: 14.4, windows: [Duration.hours(1), Duration.minutes(5)] },
  slow: { factor: 6, windows: [Duration.hours(6), Duration.minutes(30)] },
};

/** With fewer requests in a window, a failure or two would be a pace. */
const fewestRequests = 100;

export function budgetAlarms(alarms: Alarms, balancer: ApplicationLoadBalancer) {
  for (const [pace, { factor, windows }] of Object.entries(paces)) {
    const parts = windows.map((window) =>
      alarms.part(
        {
          kind: "error-budget",
          metric: failedPercent(siteMetrics(balancer, window), fewestRequests, window),
          ...above(Number((factor * objective.failedPercent).toFixed(3))),
          evaluationPeriods: 1,
          treatMissingData: TreatMissingData.NOT_BREACHING,
        },
        `${pace}-${window.toMinutes()}m`,
      ),
    );
    const rules = parts.map((part) => AlarmRule.fromAlarm(part, AlarmState.ALARM));
    alarms.combine("error-budget", AlarmRule.allOf(...rules), pace);
  }
}
