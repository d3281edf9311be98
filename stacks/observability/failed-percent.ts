import { Duration } from "aws-cdk-lib";
import { type IMetric, MathExpression } from "aws-cdk-lib/aws-cloudwatch";

interface Outcome {
  readonly requests: IMetric;
  /** Counts that CloudWatch has only where there was one. */
  readonly failures: Readonly<Record<string, IMetric>>;
}

/** Per cent of requests that failed; 0 where there are fewer than `floor`, of which one failure says nothing. */
export function failedPercent({ requests, failures }: Outcome, floor: number, period = Duration.minutes(1)) {
  const failed = Object.keys(failures).map((name) => `FILL(${name}, 0)`);
  return new MathExpression({
    label: "failed %",
    expression: `IF(requests >= ${floor}, 100 * (${failed.join(" + ")}) / requests, 0)`,
    usingMetrics: { requests, ...failures },
    period,
  });
}
