import { evaluate, type Series } from "./metric-math.ts";
import { at, list, type Resource } from "./synth.ts";

export type State = "ALARM" | "OK";

/** What was measured, by the metric's name: one value for each of the alarm's periods. */
export type Measured = Readonly<Record<string, Series>>;

/** CloudWatch looks back further than an alarm asks, for points in the place of missing ones; how far it doesn't tell. */
const lookBack = 2;

const comparisons: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
};

/**
 * The alarm's state after each period, by the rules of "Configuring how CloudWatch alarms treat missing data": the newest
 * points decide; only where there are too few, what is missing counts as the alarm says.
 */
export function states(alarm: Resource, measured: Measured): State[] {
  const breaches = comparisons[String(at(alarm, "ComparisonOperator"))];
  if (!breaches) throw new Error(`${alarm.id}: unknown comparison`);
  const isMissingBad = { breaching: true, notBreaching: false }[String(at(alarm, "TreatMissingData"))];
  if (isMissingBad === undefined) throw new Error(`${alarm.id}: what is made of missing data isn't told`);
  const wanted = Number(at(alarm, "EvaluationPeriods"));
  const needed = Number(at(alarm, "DatapointsToAlarm") ?? wanted);
  const values = valuesOf(alarm, measured);
  return values.map((_, period) => {
    const range = values.slice(Math.max(0, period + 1 - wanted - lookBack), period + 1);
    const points = range.filter((value) => value !== undefined).slice(-wanted);
    const bad = points.filter((value) => breaches(value, Number(at(alarm, "Threshold")))).length;
    const missing = isMissingBad ? wanted - points.length : 0;
    return bad + missing >= needed ? "ALARM" : "OK";
  });
}

function valuesOf(alarm: Resource, measured: Measured): Series {
  const series = (name: string) => {
    const found = measured[name];
    if (!found) throw new Error(`${alarm.id}: nothing is told of ${name}`);
    return found;
  };
  const single = at(alarm, "MetricName");
  if (typeof single === "string") return series(single);
  const expression = list(alarm, "Metrics").find(({ ReturnData }) => ReturnData === true)?.["Expression"];
  return evaluate(String(expression), Object.fromEntries(sources(alarm).map(([id, name]) => [id, series(name)])));
}

/** The metrics of an expression by their ids. */
function sources(alarm: Resource): (readonly [id: string, name: string])[] {
  return list(alarm, "Metrics")
    .filter(({ MetricStat }) => MetricStat !== undefined)
    .map((metric) => [String(metric["Id"]), String(at({ Properties: metric }, "MetricStat.Metric.MetricName"))]);
}
