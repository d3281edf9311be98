import { type SparseMatrix } from "./matrix.ts";
import { addProduct } from "./sparse-product.ts";
import { type BagModel } from "./train-bag.ts";
import { type LinearModel } from "./train-linear.ts";

/** The linear model's margins, `[row * labels + label]`. */
export function scoreLinear({ weights, bias }: LinearModel, matrix: SparseMatrix): Float32Array {
  const labels = bias.length;
  const margins = new Float64Array(labels);
  return scoreRows(matrix, labels, (range) => {
    margins.set(bias);
    addProduct(margins, matrix, range, { values: weights, width: labels });
    return margins;
  });
}

/** The bag model's logits, `[row * labels + label]`. */
export function scoreBag(model: BagModel, matrix: SparseMatrix): Float32Array {
  const { width, table, bias, output, outputBias } = model;
  const hidden = new Float64Array(width);
  const units = Int32Array.from({ length: width }, (_, unit) => unit);
  const logits = new Float64Array(outputBias.length);
  return scoreRows(matrix, outputBias.length, (range) => {
    hidden.set(bias);
    addProduct(hidden, matrix, range, { values: table, width });
    logits.set(outputBias);
    const weights = Float32Array.from(hidden, (value) => Math.max(0, value));
    addProduct(logits, { ids: units, weights }, [0, width], { values: output, width: logits.length });
    return logits;
  });
}

type Range = readonly [begin: number, end: number];

function scoreRows({ offsets }: SparseMatrix, labels: number, score: (range: Range) => Float64Array): Float32Array {
  const rows = offsets.length - 1;
  const scores = new Float32Array(rows * labels);
  for (let row = 0; row < rows; row++) scores.set(score([offsets[row] ?? 0, offsets[row + 1] ?? 0]), row * labels);
  return scores;
}
