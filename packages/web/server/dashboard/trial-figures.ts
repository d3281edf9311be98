import type { TrialFigures, VersionFigures } from "../../app/dashboard/trial.ts";
import type { Scrape } from "./prometheus.ts";
import { quantile } from "./reading.ts";

const requests = "tagsmith_trial_requests_total";
const seconds = "tagsmith_trial_question_seconds_bucket";
const confidence = "tagsmith_trial_confidence_bucket";
const comparisons = "tagsmith_trial_comparisons_total";
const agreement = "tagsmith_trial_agreement_total";

/** What the service has measured of a trial since that began. */
export function trialFiguresOf(scrape: Scrape): TrialFigures {
  const value = (name: string, wanted: Readonly<Record<string, string>>) =>
    scrape.get(name)?.find(({ labels }) => Object.entries(wanted).every(([label, is]) => labels[label] === is))
      ?.value ?? 0;
  const byBound = (name: string, role: string) =>
    new Map(
      scrape
        .get(name)
        ?.flatMap(({ labels, value: count }) =>
          labels["role"] === role ? [[labels["le"] ?? "", count] as const] : [],
        ),
    );
  const figuresOf = (role: string): VersionFigures => {
    const asked = byBound(confidence, role);
    const all = asked.get("+Inf") ?? 0;
    return {
      answered: value(requests, { role, outcome: "answered" }),
      failed: value(requests, { role, outcome: "failed" }),
      busy: value(requests, { role, outcome: "busy" }),
      p50: quantile(byBound(seconds, role), 0.5),
      p95: quantile(byBound(seconds, role), 0.95),
      unsure: all === 0 ? undefined : (asked.get("0.5") ?? 0) / all,
    };
  };
  const compared = value(comparisons, { outcome: "compared" });
  const mean = (measure: string) => (compared === 0 ? 0 : value(agreement, { measure }) / compared);
  return {
    current: figuresOf("current"),
    candidate: figuresOf("candidate"),
    compared,
    dropped: value(comparisons, { outcome: "dropped" }),
    sameTags: mean("tags"),
    sameFirst: mean("first"),
    overlap: mean("overlap"),
    difference: mean("difference"),
  };
}
