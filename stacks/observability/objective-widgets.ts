import { Duration } from "aws-cdk-lib";
import { GraphWidget, type IMetric, type IWidget, MathExpression } from "aws-cdk-lib/aws-cloudwatch";
import type { ApplicationLoadBalancer } from "aws-cdk-lib/aws-elasticloadbalancingv2";
import { siteMetrics } from "./metrics.ts";
import { objective } from "./slo.ts";

/** How much of the error budget is left, how fast it goes, and both objectives, over the days that they are for. */
export function objectiveWidgets(balancer: ApplicationLoadBalancer): IWidget[] {
  const period = Duration.hours(1);
  const { requests, failures, latency } = siteMetrics(balancer, period);
  const metric = (label: string, expression: string): IMetric =>
    new MathExpression({ label, expression, usingMetrics: { requests, ...failures }, period });
  const graph = (title: string, left: IMetric, limit: number) =>
    new GraphWidget({
      ...{ title, left: [left], leftAnnotations: [{ value: limit, label: "limit" }] },
      ...{ start: `-P${objective.days}D`, end: "PT0H", period, width: 6, height: 6 },
    }) as IWidget;
  const errors = "FILL(failed, 0) + FILL(unreachable, 0)";
  const spent = `100 * RUNNING_SUM(${errors}) / RUNNING_SUM(FILL(requests, 0)) / ${objective.failedPercent}`;
  return [
    graph("Error budget left", metric("% left", `100 - 100 * ${spent}`), 0),
    graph("Burn rate", metric("times the allowed", `100 * (${errors}) / requests / ${objective.failedPercent}`), 1),
    graph("Availability", metric("% not failed", `100 - 100 * (${errors}) / requests`), 100 - objective.failedPercent),
    graph("p95 latency", latency("p95"), objective.p95Seconds),
  ];
}
