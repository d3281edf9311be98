/** The median of some numbers, and how far they reach. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly greatest: number;
}

/** @throws {RangeError} when there are none */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const [least] = sorted;
  const greatest = sorted.at(-1);
  if (least === undefined || greatest === undefined) throw new RangeError("no values");
  const middle = sorted.length >> 1;
  const above = sorted[middle] ?? least;
  const below = sorted.length % 2 === 0 ? (sorted[middle - 1] ?? above) : above;
  return { median: (above + below) / 2, least, greatest };
}

/**
 * The quotients of what was measured in the same round: whatever else the machine did then disturbed both alike.
 * @throws {RangeError} when not as many were measured of each
 */
export function pairedRatio(ours: readonly number[], theirs: readonly number[]): Spread {
  if (ours.length !== theirs.length) throw new RangeError(`${ours.length} and ${theirs.length} values make no pairs`);
  return spreadOf(ours.map((value, round) => value / (theirs[round] ?? Number.NaN)));
}

/** The value that this share of all doesn't exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** y = factor · x^exponent */
export interface Power {
  readonly exponent: number;
  readonly factor: number;
}

/**
 * Least squares on the logarithms.
 * @throws {RangeError} when there are fewer than two different x, or one that has no logarithm
 */
export function fitPower(points: readonly Point[]): Power {
  const logs = points.map(({ x, y }) => ({ x: Math.log(x), y: Math.log(y) }));
  const mean = (of: (point: Point) => number) => logs.reduce((sum, point) => sum + of(point), 0) / logs.length;
  const centre = { x: mean(({ x }) => x), y: mean(({ y }) => y) };
  const covariance = mean(({ x, y }) => (x - centre.x) * (y - centre.y));
  const variance = mean(({ x }) => (x - centre.x) ** 2);
  const exponent = covariance / variance;
  if (!Number.isFinite(exponent)) throw new RangeError("a power needs two different, positive x and positive y");
  return { exponent, factor: Math.exp(centre.y - exponent * centre.x) };
}
