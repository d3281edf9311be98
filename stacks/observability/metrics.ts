import { Duration } from "aws-cdk-lib";
import { Metric, type MetricProps } from "aws-cdk-lib/aws-cloudwatch";
import type { FargateService } from "aws-cdk-lib/aws-ecs";
import type { ApplicationLoadBalancer, ApplicationTargetGroup } from "aws-cdk-lib/aws-elasticloadbalancingv2";
import type { Stack } from "sst/constructs";

interface ServedTarget {
  readonly balancer: ApplicationLoadBalancer;
  readonly target: ApplicationTargetGroup;
  readonly service: FargateService;
}

const metric = (props: MetricProps) => new Metric({ period: Duration.minutes(1), ...props });

/** What the balancer and ECS measure of a service, by the minute. */
export function serviceMetrics({ balancer, target, service }: ServedTarget) {
  const ofTarget = { LoadBalancer: balancer.loadBalancerFullName, TargetGroup: target.targetGroupFullName };
  const ofService = { ClusterName: service.cluster.clusterName, ServiceName: service.serviceName };
  const balanced = (metricName: string, statistic: string) =>
    metric({ namespace: "AWS/ApplicationELB", metricName, dimensionsMap: ofTarget, statistic });
  const load = (metricName: string) =>
    metric({ namespace: "AWS/ECS", metricName, dimensionsMap: ofService, statistic: "Average" });
  const tasks = (metricName: string) =>
    metric({ namespace: "ECS/ContainerInsights", metricName, dimensionsMap: ofService, statistic: "Minimum" });
  return {
    requests: balanced("RequestCount", "Sum"),
    healthyHosts: balanced("HealthyHostCount", "Maximum"),
    // What the balancer answers for a service that it can't reach is counted as the service's.
    failures: {
      failed: balanced("HTTPCode_Target_5XX_Count", "Sum"),
      unreachable: balanced("TargetConnectionErrorCount", "Sum"),
    },
    latency: (statistic: string) => balanced("TargetResponseTime", statistic),
    cpu: load("CPUUtilization"),
    memory: load("MemoryUtilization"),
    desired: tasks("DesiredTaskCount"),
    running: tasks("RunningTaskCount"),
  };
}

/** What the balancer measures of the whole site. */
export function siteMetrics({ loadBalancerFullName }: ApplicationLoadBalancer, period = Duration.minutes(1)) {
  const dimensionsMap = { LoadBalancer: loadBalancerFullName };
  const of = (metricName: string, statistic: string) =>
    metric({ namespace: "AWS/ApplicationELB", metricName, dimensionsMap, statistic, period });
  const sum = (metricName: string) => of(metricName, "Sum");
  return {
    requests: sum("RequestCount"),
    failures: { failed: sum("HTTPCode_Target_5XX_Count"), unreachable: sum("HTTPCode_ELB_5XX_Count") },
    rejected: sum("RejectedConnectionCount"),
    latency: (statistic: string) => of("TargetResponseTime", statistic),
  };
}

/** What the inference service says of itself (EMF in its log), under the names that `/metrics` has. */
export function modelMetric(stage: string, metricName: string, labels: Readonly<Record<string, string>> = {}) {
  const dimensionsMap = { stage, ...labels };
  return metric({ namespace: "Tagsmith", metricName, dimensionsMap, statistic: "Sum", period: Duration.minutes(5) });
}

/** Requests that the firewall refused. */
export function blockedRequests({ region }: Stack, firewall: string) {
  return metric({
    namespace: "AWS/WAFV2",
    metricName: "BlockedRequests",
    dimensionsMap: { WebACL: firewall, Region: region, Rule: "ALL" },
    statistic: "Sum",
    period: Duration.minutes(5),
  });
}
