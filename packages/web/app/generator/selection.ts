import type { Prediction } from "../../server/inference.ts";
import type { Settings } from "./settings.ts";

export type Scored = Prediction["predictions"][number];

export interface Selection {
  /** The tags to put under the question, best first. */
  readonly suggested: readonly Scored[];
  /** What else the model considered, best first. */
  readonly others: readonly Scored[];
  /** Whether some of the others are sure enough and only too many. */
  readonly isCut: boolean;
}

/** Parts an answer into what is suggested and what is not. */
export function select(prediction: Prediction, { threshold, most }: Settings): Selection {
  const chosen = new Set(prediction.tags);
  const isSure = ({ tag, confidence }: Scored) => (threshold === "model" ? chosen.has(tag) : confidence >= threshold);
  const sure = prediction.predictions.filter(isSure);
  const suggested = sure.slice(0, most);
  return {
    suggested,
    others: prediction.predictions.filter((scored) => !suggested.includes(scored)),
    isCut: sure.length > suggested.length,
  };
}

export const tagsOf = ({ suggested }: Selection): readonly string[] => suggested.map(({ tag }) => tag);
