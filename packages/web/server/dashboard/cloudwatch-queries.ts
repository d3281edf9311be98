import type { MetricDataQuery } from "@aws-sdk/client-cloudwatch";

/** What the stage's metrics are told apart by. */
export interface MetricNames {
  /** As CloudWatch writes it: `app/…`. */
  readonly loadBalancer: string;
  /** Of the inference service: `targetgroup/…`. */
  readonly targetGroup: string;
  readonly cluster: string;
  /** The inference service. */
  readonly service: string;
  readonly stage: string;
}

export const secondsAMoment = 60;
const secondsABand = 300;

const statusClasses = ["2XX", "3XX", "4XX", "5XX"] as const;

/** What the balancer and ECS measure of every task, and the queue, for the last hour. */
export function momentQueries(names: MetricNames): MetricDataQuery[] {
  const target = { LoadBalancer: names.loadBalancer, TargetGroup: names.targetGroup };
  const balancer = (id: string, name: string, stat: string) =>
    query(id, { namespace: "AWS/ApplicationELB", name, stat, dimensions: target });
  const ecs = (id: string, name: string) =>
    query(id, {
      namespace: "AWS/ECS",
      name,
      stat: "Average",
      dimensions: { ClusterName: names.cluster, ServiceName: names.service },
    });
  return [
    balancer("requests", "RequestCount", "Sum"),
    ...["p50", "p95", "p99"].map((stat) => balancer(stat, "TargetResponseTime", stat)),
    ...statusClasses.map((kind) => balancer(`status_${kind.toLowerCase()}`, `HTTPCode_Target_${kind}_Count`, "Sum")),
    ecs("cpu", "CPUUtilization"),
    ecs("memory", "MemoryUtilization"),
    search("waiting", { name: "tagsmith_model_waiting", stage: names.stage, stat: "Maximum", label: "waiting" }),
    search("in_flight", {
      name: "tagsmith_requests_in_flight",
      stage: names.stage,
      stat: "Maximum",
      label: "in flight",
    }),
  ];
}

/** What the service itself measures, by its labels, for the last day. */
export function answerQueries({ stage }: MetricNames): MetricDataQuery[] {
  const sums = (id: string, name: string, by: string) =>
    search(id, { name, by, stage, stat: "Sum", label: `\${PROP('Dim.${by}')}` });
  return [
    sums("tags", "tagsmith_predictions_total", "tag"),
    sums("confidences", "tagsmith_answers_total", "confidence"),
  ];
}

interface Measured {
  readonly namespace: string;
  readonly name: string;
  readonly stat: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly periodSeconds?: number;
}

/** A metric of the service whose labels are known. */
export const serviceQuery = (id: string, measured: Omit<Measured, "namespace">): MetricDataQuery =>
  query(id, { namespace: "Tagsmith", ...measured });

function query(id: string, measured: Measured): MetricDataQuery {
  const { namespace: Namespace, name: MetricName, stat, dimensions, periodSeconds = secondsAMoment } = measured;
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  const Metric = { Namespace, MetricName, Dimensions };
  return { Id: id, MetricStat: { Metric, Period: periodSeconds, Stat: stat } };
}

interface Searched {
  readonly name: string;
  /** The label that tells its series apart, if it has one. */
  readonly by?: string;
  readonly stage: string;
  readonly stat: "Sum" | "Maximum";
  readonly label: string;
}

/** Finds a metric of the service by the stage and its label; where it has never been reported, nothing. */
function search(id: string, { name, by, stage, stat, label }: Searched): MetricDataQuery {
  const period = stat === "Sum" ? secondsABand : secondsAMoment;
  // The stage's total is there beside them, under the stage alone.
  const schema = by === undefined ? "{Tagsmith,stage}" : `{Tagsmith,stage,${by}}`;
  const term = `${schema} MetricName="${name}" stage="${stage}"`;
  return { Id: id, Expression: `SEARCH('${term}', '${stat}', ${period})`, Label: label };
}
