import { type Scored, scoreOf } from "./metrics.ts";

/** Of some of the questions: their share of all, and the share of them whose most confident tag is one of theirs. */
export interface Selection {
  readonly coverage: number;
  readonly accuracy: number;
}

interface Best {
  readonly confidence: number;
  readonly right: boolean;
  readonly answered: boolean;
}

/** The questions that get a tag, and those of which the model says that it is not sure. */
export function answeredOrNot(
  scored: Scored,
  thresholds: readonly number[],
): Record<"answered" | "not_sure", Selection> {
  const all = bestOf(scored, thresholds);
  return {
    answered: select(all, ({ answered }) => answered),
    not_sure: select(all, ({ answered }) => !answered),
  };
}

/** The questions whose most confident tag has at least this confidence. */
export function confidentOf(scored: Scored, least: number): Selection {
  return select(bestOf(scored, []), ({ confidence }) => confidence >= least);
}

function select(all: readonly Best[], wanted: (best: Best) => boolean): Selection {
  const chosen = all.filter(wanted);
  const right = chosen.filter((best) => best.right).length;
  return { coverage: chosen.length / Math.max(1, all.length), accuracy: right / Math.max(1, chosen.length) };
}

/** Each question's most confident tag of those that its source could observe. */
function bestOf(scored: Scored, thresholds: readonly number[]): Best[] {
  const { probabilities, targets, labels } = scored;
  return Array.from({ length: targets.length / labels }, (_, row) => {
    let best = { confidence: -1, right: false, answered: false };
    for (let label = 0; label < labels; label++) {
      const target = targets[row * labels + label];
      const confidence = probabilities[row * labels + label] ?? 0;
      if (target === 0) continue;
      const answered = best.answered || scoreOf(scored, row, label) >= (thresholds[label] ?? 1);
      best = confidence > best.confidence ? { confidence, right: target === 1, answered } : { ...best, answered };
    }
    return best;
  });
}
