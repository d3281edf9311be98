import type { TrialFigures, VersionFigures } from "../../app/dashboard/trial.ts";
import { quantile, type Tally } from "./reading.ts";

/** As the service names them. */
export const trialMetrics = {
  requests: "tagsmith_trial_requests_total",
  seconds: "tagsmith_trial_question_seconds",
  confidence: "tagsmith_trial_confidence",
  comparisons: "tagsmith_trial_comparisons_total",
  agreement: "tagsmith_trial_agreement_total",
} as const;

/** What those metrics came to, whoever was asked. */
interface Measured {
  readonly count: (name: string, labels: Readonly<Record<string, string>>) => number;
  /** Of a version, how many values lie at or below each bound of a histogram; all of them at `+Inf`. */
  readonly byBound: (name: (typeof trialMetrics)["seconds" | "confidence"], role: string) => Tally;
}

export function trialFiguresOf({ count, byBound }: Measured): Omit<TrialFigures, "origin" | "since" | "refreshMs"> {
  const version = (role: string): VersionFigures => {
    const seconds = byBound(trialMetrics.seconds, role);
    const asked = byBound(trialMetrics.confidence, role);
    const all = asked.get("+Inf") ?? 0;
    return {
      answered: count(trialMetrics.requests, { role, outcome: "answered" }),
      failed: count(trialMetrics.requests, { role, outcome: "failed" }),
      busy: count(trialMetrics.requests, { role, outcome: "busy" }),
      p50: quantile(seconds, 0.5),
      p95: quantile(seconds, 0.95),
      unsure: all === 0 ? undefined : (asked.get("0.5") ?? 0) / all,
    };
  };
  const compared = count(trialMetrics.comparisons, { outcome: "compared" });
  const mean = (measure: string) => (compared === 0 ? 0 : count(trialMetrics.agreement, { measure }) / compared);
  return {
    current: version("current"),
    candidate: version("candidate"),
    compared,
    dropped: count(trialMetrics.comparisons, { outcome: "dropped" }),
    sameTags: mean("tags"),
    sameFirst: mean("first"),
    overlap: mean("overlap"),
    difference: mean("difference"),
  };
}
