import { Float16Array } from "@petamoriken/float16";
import { BundleError } from "./errors.ts";
import type { TensorData } from "./session.ts";

/** What the numbers of a row may be to a model. */
const numberTypes = ["float32", "float64", "float16", "int64", "int32", "bool"] as const;
export type NumberType = (typeof numberTypes)[number];

export const isNumberType = (type: string): type is NumberType => numberTypes.some((known) => known === type);

/** The whole numbers that a type holds and JavaScript tells apart. */
const ranges = {
  int64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  int32: [-(2 ** 31), 2 ** 31 - 1],
} as const;

/**
 * Numbers of `columns`, row after row. What is missing is NaN, which models that know missing numbers read as such.
 * @throws {BundleError} `invalid_row`, naming the column, for what a type doesn't hold
 */
export function numbersTensor(
  type: NumberType,
  numbers: readonly (number | null)[],
  columns: readonly string[],
): TensorData["data"] {
  const known = numbers.map((value) => value ?? Number.NaN);
  if (type === "float32") return Float32Array.from(known);
  if (type === "float64") return Float64Array.from(known);
  if (type === "float16") return new Uint16Array(Float16Array.from(known).buffer);
  const other = known.findIndex((value) => !isHeld(type, value));
  if (other >= 0) {
    const column = columns[other % columns.length] ?? "";
    throw new BundleError("invalid_row", `column "${column}" is of ${type}, and found ${numbers[other] ?? "null"}`);
  }
  if (type === "int64") return BigInt64Array.from(known, BigInt);
  return type === "int32" ? Int32Array.from(known) : Uint8Array.from(known, (value) => Number(value !== 0));
}

function isHeld(type: "int64" | "int32" | "bool", value: number): boolean {
  if (type === "bool") return !Number.isNaN(value);
  const [least, most] = ranges[type];
  return Number.isInteger(value) && value >= least && value <= most;
}
