import { judgedRows, type Scored, scoreOf } from "./metrics.ts";

/** Each label's best cut, the best cut for all, and how many positives each label's cut rests on. */
export interface Cuts {
  readonly own: readonly number[];
  readonly global: number;
  readonly positives: readonly number[];
}

interface Decision {
  readonly score: number;
  readonly right: boolean;
}

/** Finds the cuts with the highest F1; the global one is found on the first `columns` labels. */
export function findCuts(scored: Scored, columns: number): Cuts {
  const rows = judgedRows(scored, scored.labels);
  const byLabel = Array.from({ length: scored.labels }, (_, label) => decisionsOf(scored, label, rows));
  return {
    own: byLabel.map(bestCut),
    global: bestCut(byLabel.slice(0, columns).flat()),
    positives: byLabel.map((decisions) => decisions.filter(({ right }) => right).length),
  };
}

/**
 * Draws each label's own cut towards the global one, as if the latter rested on `strength` positives: own cuts overfit
 * rare labels. A strength of Infinity gives the global cut alone.
 */
export function smoothCuts({ own, global, positives }: Cuts, strength: number): number[] {
  if (!Number.isFinite(strength)) return own.map(() => global);
  return own.map((cut, label) => {
    const count = positives[label] ?? 0;
    return (count * cut + strength * global) / (count + strength);
  });
}

function decisionsOf(scored: Scored, label: number, rows: readonly number[]): Decision[] {
  const { targets, labels } = scored;
  return rows
    .filter((row) => targets[row * labels + label] !== 0)
    .map((row) => ({ score: scoreOf(scored, row, label), right: targets[row * labels + label] === 1 }));
}

/** Half-way between the last score to take and the first to leave; 1 without positives. */
function bestCut(decisions: readonly Decision[]): number {
  const ranked = decisions.toSorted((one, other) => other.score - one.score);
  const positives = ranked.filter(({ right }) => right).length;
  let found = 0;
  let best = 0;
  let cut = 1;
  ranked.forEach(({ score, right }, index) => {
    if (right) found += 1;
    const next = ranked[index + 1]?.score ?? 0;
    const reached = (2 * found) / (index + 1 + positives);
    if (next === score || reached <= best) return;
    best = reached;
    cut = (score + next) / 2;
  });
  return cut;
}
