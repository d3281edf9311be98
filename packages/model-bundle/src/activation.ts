import type { Manifest } from "./manifest.ts";

/** Turns a row of a classifier's scores, finite ones, into probabilities, in place. */
export function activate(row: Float32Array, activation: NonNullable<Manifest["activation"]>): void {
  if (activation === "sigmoid") {
    for (let at = 0; at < row.length; at++) row[at] = 1 / (1 + Math.exp(-(row[at] ?? 0)));
    return;
  }
  let greatest = -Infinity; // subtracted, so that no exponential overflows
  for (const score of row) greatest = Math.max(greatest, score);
  let sum = 0;
  for (let at = 0; at < row.length; at++) sum += row[at] = Math.exp((row[at] ?? 0) - greatest);
  for (let at = 0; at < row.length; at++) row[at] = (row[at] ?? 0) / sum;
}
