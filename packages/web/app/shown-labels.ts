import type { CurrentModel } from "../server/inference.ts";

/** More of them would be a page of many megabytes, which nobody reads to its end. */
const mostShown = 1_000;

export interface ShownLabels {
  readonly count: number;
  /** The first of them, in the model's own order, with how sure it must be of each. */
  readonly shown: readonly { readonly label: string; readonly threshold: number }[];
}

export function shownLabels({ labels, thresholds }: Pick<CurrentModel, "labels" | "thresholds">): ShownLabels {
  const shown = labels.slice(0, mostShown).map((label, index) => ({ label, threshold: thresholds[index] ?? 1 }));
  return { count: labels.length, shown };
}
