import { type SparseMatrix } from "./matrix.ts";
import { addProduct } from "./sparse-product.ts";
import { type LinearModel } from "./train-linear.ts";

/** The model's margins, `[row * labels + label]`. */
export function scoreLinear({ weights, bias }: LinearModel, matrix: SparseMatrix): Float32Array {
  const labels = bias.length;
  const rows = matrix.offsets.length - 1;
  const margins = new Float64Array(labels);
  const scores = new Float32Array(rows * labels);
  for (let row = 0; row < rows; row++) {
    const range = [matrix.offsets[row] ?? 0, matrix.offsets[row + 1] ?? 0] as const;
    margins.set(bias);
    addProduct(margins, { row: matrix, range }, { values: weights, width: labels });
    scores.set(margins, row * labels);
  }
  return scores;
}
