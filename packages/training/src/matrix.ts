import { type Question } from "@tagsmith/features/question";
import { vectorize } from "@tagsmith/features/vectorize";
import { type Vocabulary } from "@tagsmith/features/vocabulary";

/** Rows of sparse vectors: row `r` has the entries from `offsets[r]` up to `offsets[r + 1]`. Shared with workers, uncopied. */
export interface SparseMatrix {
  readonly offsets: Int32Array;
  readonly ids: Int32Array;
  readonly weights: Float32Array;
}

/** Vectorises questions with the very function that serves them. */
export function matrixOf(questions: readonly Question[], vocabulary: Vocabulary): SparseMatrix {
  const vectors = questions.map((question) => vectorize(question, vocabulary));
  const entries = vectors.reduce((sum, { ids }) => sum + ids.length, 0);
  const matrix: SparseMatrix = {
    offsets: new Int32Array(new SharedArrayBuffer((questions.length + 1) * 4)),
    ids: new Int32Array(new SharedArrayBuffer(entries * 4)),
    weights: new Float32Array(new SharedArrayBuffer(entries * 4)),
  };
  let offset = 0;
  vectors.forEach(({ ids, weights }, row) => {
    matrix.ids.set(ids, offset);
    matrix.weights.set(weights, offset);
    offset += ids.length;
    matrix.offsets[row + 1] = offset;
  });
  return matrix;
}
