import type { AttackResult } from "./attack.ts";

/** What a task must keep to be within its capacity. */
export const promise = { p99Ms: 100 } as const;

/** Of the rate asked for, this much must have been sent: a load that fell behind says nothing about its own rate. */
const sentShare = 0.98;
const growth = 1.6;
/** Until the highest rate that is kept and the lowest that isn't are this close. */
const closeEnough = 1.06;

export interface Capacity {
  /** Requests a second, with the promise kept; 0 when even the first rate broke it. */
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const isKept = ({ p99Ms, success }: AttackResult) => success === 1 && p99Ms < promise.p99Ms;

/**
 * The highest rate at which the promise is kept: the rate grows until it breaks, then the span between is halved.
 * Each rate that breaks it is tried twice, since something else may have disturbed the first try.
 */
export async function highestRate(
  start: number,
  attack: (perSecond: number) => Promise<AttackResult>,
): Promise<Capacity> {
  let best: Capacity = { perSecond: 0, p50Ms: Number.NaN, p99Ms: Number.NaN };
  let broken = Infinity;
  let rate = Math.round(start);
  while (broken / best.perSecond > closeEnough) {
    const result = await twiceIfNeeded(rate, attack);
    const { p50Ms, p99Ms, sentPerSecond } = result;
    if (isKept(result) && sentPerSecond >= sentShare * rate) best = { perSecond: rate, p50Ms, p99Ms };
    else broken = rate;
    if (broken <= 1) break;
    rate = Math.round(broken === Infinity ? rate * growth : (best.perSecond + broken) / 2);
  }
  return best;
}

async function twiceIfNeeded(
  rate: number,
  attack: (perSecond: number) => Promise<AttackResult>,
): Promise<AttackResult> {
  const first = await attack(rate);
  return isKept(first) ? first : attack(rate);
}
