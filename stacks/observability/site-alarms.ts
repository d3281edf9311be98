import { Duration } from "aws-cdk-lib";
import { type IMetric, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import type { Canary } from "aws-cdk-lib/aws-synthetics";
import type { Stage } from "../stage.ts";
import { above, below, type Condition } from "./alarms.ts";
import { modelMetric, type siteMetrics } from "./metrics.ts";

interface Watched {
  readonly stage: string;
  readonly site: ReturnType<typeof siteMetrics>;
  readonly blocked: IMetric;
  readonly canary: Canary;
}

const { BREACHING: bad, NOT_BREACHING: fine } = TreatMissingData;

/** In five minutes. Fewer are the usual scanners. */
const manyBlocked = 1_000;

/** What the site as a whole is watched for. Counts are told only where there is something to count: no news is good news. */
export function siteConditions({ stage, site, blocked, canary }: Watched, { canaryMinutes }: Stage): Condition[] {
  const loadFailures = "tagsmith_model_load_failures_total";
  const any = { ...above(0), evaluationPeriods: 1, treatMissingData: fine };
  return [
    { kind: "rejected-connections", ...any, metric: site.rejected },
    { kind: "model-load-failure", ...any, metric: modelMetric(stage, loadFailures) },
    { kind: "golden-mismatch", ...any, metric: modelMetric(stage, loadFailures, { code: "golden_mismatch" }) },
    { kind: "firewall-spike", ...any, metric: blocked, ...above(manyBlocked) },
    // A canary that doesn't run has failed.
    {
      kind: "canary-failing",
      metric: canary.metricSuccessPercent({ period: Duration.minutes(canaryMinutes) }),
      ...below(100),
      evaluationPeriods: 2,
      treatMissingData: bad,
    },
  ];
}
