import type { Question } from "@tagsmith/features/question";
import { vectorize, type SparseVector } from "@tagsmith/features/vectorize";
import { Vocabulary } from "@tagsmith/features/vocabulary";
import { readBundleFile } from "./bundle-files.ts";
import type { Bundle } from "./bundle.ts";
import { BundleError, messageOf } from "./errors.ts";
import { asQuestions } from "./instance.ts";
import type { Features } from "./manifest-input.ts";
import type { Batch, ModelInput } from "./model-input.ts";

/**
 * Bounds of one run: a batch is as wide as its longest question, and a run can't be interrupted. More cells than these cost
 * a linear model more than the runs they save: what it looks up for them no longer fits into the processor's cache.
 */
const MAX_BATCH_CELLS = 2 ** 10;
const MAX_BATCH_QUESTIONS = 64;

/** What a model reads of features, alone or beside tokens. */
export interface FeatureReader extends Pick<ModelInput, "tensors"> {
  readonly vectorOf: (question: Question) => SparseVector;
  /** Vectors in ascending length, as the rows of one run. */
  readonly tensorsOf: (vectors: readonly SparseVector[]) => Batch["tensors"];
}

/** @throws {BundleError} `missing_file`, `invalid_model` for a malformed vocabulary */
export async function featureReader(
  bundle: Pick<Bundle, "folder">,
  { vocabulary: path, ids, weights }: Features,
): Promise<FeatureReader> {
  const vocabulary = readVocabulary(path, await readBundleFile(bundle, path));
  return {
    tensors: { [ids]: { type: "int32", dims: ["N", "K"] }, [weights]: { type: "float32", dims: ["N", "K"] } },
    vectorOf: (question) => vectorize(question, vocabulary),
    tensorsOf(vectors) {
      const { ids: idsData, weights: weightsData } = vectors[0] && vectors.length === 1 ? vectors[0] : padded(vectors);
      const dims = [vectors.length, idsData.length / vectors.length];
      return { [ids]: { data: idsData, dims }, [weights]: { data: weightsData, dims } };
    },
  };
}

/** @throws {BundleError} `missing_file`, `invalid_model` for a malformed vocabulary */
export async function featuresInput(bundle: Bundle, input: Features): Promise<ModelInput> {
  const { tensors, vectorOf, tensorsOf } = await featureReader(bundle, input);
  return {
    tensors,
    *batches(instances) {
      const vectors = asQuestions(instances).map(vectorOf);
      for (const positions of groups(vectors)) {
        yield { positions, tensors: tensorsOf(positions.flatMap((position) => vectors[position] ?? [])) };
      }
    },
  };
}

/** Positions of vectors of like length, so that little is padded; a run's cells are bounded. */
function* groups(vectors: readonly SparseVector[]): Generator<readonly number[], void, undefined> {
  const lengthOf = (position: number) => vectors[position]?.ids.length ?? 0;
  const ascending = [...vectors.keys()];
  if (vectors.length > 1) ascending.sort((one, other) => lengthOf(one) - lengthOf(other));
  let begin = 0;
  for (let at = 1; at <= ascending.length; at++) {
    const next = ascending[at];
    const size = at - begin;
    if (next !== undefined && (size + 1) * lengthOf(next) <= MAX_BATCH_CELLS && size < MAX_BATCH_QUESTIONS) continue;
    yield ascending.slice(begin, at);
    begin = at;
  }
}

/** Vectors one below the other, as wide as the last, the longest; row 0 of a table is nothing's. */
function padded(vectors: readonly SparseVector[]): SparseVector {
  const width = vectors.at(-1)?.ids.length ?? 0;
  const ids = new Int32Array(vectors.length * width);
  const weights = new Float32Array(vectors.length * width);
  vectors.forEach((vector, row) => {
    ids.set(vector.ids, row * width);
    weights.set(vector.weights, row * width);
  });
  return { ids, weights };
}

function readVocabulary(path: string, bytes: Uint8Array): Vocabulary {
  try {
    return Vocabulary.read(bytes);
  } catch (cause) {
    throw new BundleError("invalid_model", `${path} is not a vocabulary: ${messageOf(cause)}`, { cause });
  }
}
