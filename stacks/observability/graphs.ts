import { Duration } from "aws-cdk-lib";
import { type GraphWidgetProps, type IMetric, MathExpression, type Metric } from "aws-cdk-lib/aws-cloudwatch";
import type { Canary } from "aws-cdk-lib/aws-synthetics";
import { modelMetric, type serviceMetrics, type siteMetrics } from "./metrics.ts";
import { objective } from "./slo.ts";

type ServiceMetrics = ReturnType<typeof serviceMetrics>;

export interface Shown {
  readonly stage: string;
  readonly site: ReturnType<typeof siteMetrics>;
  /** By their names. */
  readonly services: Readonly<Record<string, ServiceMetrics>>;
  readonly blocked: IMetric;
  readonly canary: Canary;
}

/** The dashboard's graphs by their titles; docs/runbook.md calls them so. */
export function graphs({ stage, site, services, blocked, canary }: Shown): Record<string, GraphWidgetProps> {
  const each = (show: (metrics: ServiceMetrics) => Record<string, Metric>) =>
    Object.entries(services).flatMap(([service, metrics]) =>
      Object.entries(show(metrics)).map(([label, metric]) => metric.with({ label: `${service} ${label}` })),
    );
  const percentiles = ({ latency }: ServiceMetrics) => ({
    p50: latency("p50"),
    p95: latency("p95"),
    p99: latency("p99"),
  });
  const promised = { value: objective.p95Seconds, label: "promised for 95 %" };
  return {
    Requests: { left: each(({ requests }) => ({ requests })) },
    Failures: { left: [...Object.values(site.failures), site.rejected] },
    Latency: { left: each(percentiles), leftAnnotations: [promised] },
    Tasks: { left: each(({ running, desired, healthyHosts }) => ({ running, desired, healthy: healthyHosts })) },
    CPU: { left: each(({ cpu }) => ({ cpu })) },
    Memory: { left: each(({ memory }) => ({ memory })) },
    Queue: { left: [largest(stage, "tagsmith_model_waiting"), largest(stage, "tagsmith_requests_in_flight")] },
    "Model versions": { left: [search(stage, "tagsmith_model_info", ["manifest_sha256", "name", "version"])] },
    "Model load failures": { left: [search(stage, "tagsmith_model_load_failures_total", ["code"])] },
    "Answers by confidence": { left: [search(stage, "tagsmith_answers_total", ["confidence"])], stacked: true },
    Firewall: { left: [blocked] },
    Canary: { left: [canary.metricSuccessPercent()], right: [canary.metricDuration()] },
  };
}

function largest(stage: string, name: string): IMetric {
  return modelMetric(stage, name).with({ statistic: "Maximum", period: Duration.minutes(1) });
}

/** A line for each combination of labels that there is. */
function search(stage: string, name: string, labels: readonly string[]): IMetric {
  const schema = ["Tagsmith", ...labels, "stage"].join(",");
  const expression = `SEARCH('{${schema}} MetricName="${name}" stage="${stage}"', 'Sum', 300)`;
  return new MathExpression({ expression, label: "", usingMetrics: {}, period: Duration.minutes(5) });
}
