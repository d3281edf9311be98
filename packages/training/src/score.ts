import { type BagModel } from "./bag/bag-trainer.ts";
import { type SparseMatrix } from "./matrix.ts";
import { addProduct, type SparseRow } from "./sparse-product.ts";
import { type LinearModel } from "./train-linear.ts";

/** What learns from the features: the linear model, or an embedding bag. */
export type Model = LinearModel | BagModel;

/** A linear model's margins or a bag's logits, `[row * labels + label]`. */
export function score(model: Model, matrix: SparseMatrix): Float32Array {
  const labels = ("units" in model ? model.logits : model).bias.length;
  const scoreRow = "units" in model ? bagScorer(model) : linearScorer(model);
  const rows = matrix.offsets.length - 1;
  const scores = new Float32Array(rows * labels);
  for (let row = 0; row < rows; row++) {
    const range = [matrix.offsets[row] ?? 0, matrix.offsets[row + 1] ?? 0] as const;
    scores.set(scoreRow({ row: matrix, range }), row * labels);
  }
  return scores;
}

/** The array that it returns is used again for the next row. */
type RowScorer = (row: SparseRow) => Float64Array;

function linearScorer({ weights, bias }: LinearModel): RowScorer {
  const sums = new Float64Array(bias.length);
  return (row) => {
    sums.set(bias);
    addProduct(sums, row, { values: weights, width: bias.length });
    return sums;
  };
}

function bagScorer({ units, logits }: BagModel): RowScorer {
  const [sumsOf, logitsOf] = [linearScorer(units), linearScorer(logits)];
  const ids = Int32Array.from(units.bias.keys());
  return (row) => {
    const weights = Float32Array.from(sumsOf(row), (sum) => Math.max(0, sum));
    return logitsOf({ row: { ids, weights }, range: [0, ids.length] });
  };
}
