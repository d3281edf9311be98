import type { TrialFigures } from "../../app/dashboard/trial.ts";
import type { Scrape } from "./prometheus.ts";
import { trialFiguresOf } from "./trial-figures.ts";

/** What the service has measured of its trial since that began: it counts anew with each. */
export function serviceTrial(
  scrape: Scrape,
  { since, refreshMs }: Pick<TrialFigures, "since" | "refreshMs">,
): TrialFigures {
  const figures = trialFiguresOf({
    count: (name, wanted) =>
      scrape.get(name)?.find(({ labels }) => Object.entries(wanted).every(([label, is]) => labels[label] === is))
        ?.value ?? 0,
    byBound: (name, role) =>
      new Map(
        scrape
          .get(`${name}_bucket`)
          ?.flatMap(({ labels, value }) => (labels["role"] === role ? [[labels["le"] ?? "", value] as const] : [])),
      ),
  });
  return { origin: "service", since, refreshMs, ...figures };
}
