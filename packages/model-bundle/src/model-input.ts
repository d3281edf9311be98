import type { Question } from "@tagsmith/features/question";
import { vectorize, type SparseVector } from "@tagsmith/features/vectorize";
import { Vocabulary } from "@tagsmith/features/vocabulary";
import { readBundleFile, type Bundle } from "./bundle.ts";
import { BundleError } from "./errors.ts";
import type { Manifest } from "./manifest.ts";
import { plainText } from "./plain-text.ts";
import type { TensorData } from "./session.ts";

/**
 * Bounds of one run: a batch is as wide as its longest question, and a run can't be interrupted. More cells than these cost
 * a linear model more than the runs they save: what it looks up for them no longer fits into the processor's cache.
 */
const MAX_BATCH_CELLS = 2 ** 10;
const MAX_BATCH_QUESTIONS = 64;

/** What the model reads of questions. */
export interface ModelInput {
  /** The element type of each input tensor, by its name; all have two dimensions. */
  readonly types: Readonly<Record<string, string>>;
  /** The questions in order, as tensors of bounded size. */
  batches(questions: readonly Question[]): Iterable<Batch>;
}

export interface Batch {
  readonly size: number;
  readonly tensors: Readonly<Record<string, TensorData>>;
}

/** @throws {BundleError} `missing_file`, `invalid_model` for a malformed vocabulary */
export async function createInput(bundle: Bundle): Promise<ModelInput> {
  const { input } = bundle.manifest;
  if (input.kind === "text") return textInput(input);
  return featuresInput(input, readVocabulary(input.vocabulary, await readBundleFile(bundle, input.vocabulary)));
}

type InputOf<Kind> = Extract<Manifest["input"], { kind: Kind }>;

function textInput({ name, fields }: InputOf<"text">): ModelInput {
  const read = { title: ({ title }: Question) => title, body: ({ body }: Question) => plainText(body) };
  return {
    types: { [name]: "string" },
    *batches(questions) {
      for (let at = 0; at < questions.length; at += MAX_BATCH_QUESTIONS) {
        const batch = questions.slice(at, at + MAX_BATCH_QUESTIONS);
        const data = batch.map((question) => fields.map((field) => read[field](question)).join("\n"));
        yield { size: batch.length, tensors: { [name]: { data, dims: [batch.length, 1] } } };
      }
    },
  };
}

function featuresInput({ ids, weights }: InputOf<"features">, vocabulary: Vocabulary): ModelInput {
  const toBatch = (vectors: readonly SparseVector[], width: number): Batch => {
    const [first] = vectors;
    if (first && vectors.length === 1) {
      const dims = [1, width];
      return { size: 1, tensors: { [ids]: { data: first.ids, dims }, [weights]: { data: first.weights, dims } } };
    }
    const dims = [vectors.length, width];
    const idsData = new Int32Array(vectors.length * width);
    const weightsData = new Float32Array(vectors.length * width);
    for (const [row, vector] of vectors.entries()) {
      idsData.set(vector.ids, row * width);
      weightsData.set(vector.weights, row * width);
    }
    const tensors = { [ids]: { data: idsData, dims }, [weights]: { data: weightsData, dims } };
    return { size: vectors.length, tensors };
  };
  return {
    types: { [ids]: "int32", [weights]: "float32" },
    *batches(questions) {
      let vectors: SparseVector[] = [];
      let width = 0;
      for (const question of questions) {
        const vector = vectorize(question, vocabulary);
        const wider = Math.max(width, vector.ids.length);
        const isFull = (vectors.length + 1) * wider > MAX_BATCH_CELLS || vectors.length === MAX_BATCH_QUESTIONS;
        if (isFull && vectors.length > 0) {
          yield toBatch(vectors, width);
          vectors = [];
          width = 0;
        }
        vectors.push(vector);
        width = Math.max(width, vector.ids.length);
      }
      if (vectors.length > 0) yield toBatch(vectors, width);
    },
  };
}

function readVocabulary(path: string, bytes: Uint8Array): Vocabulary {
  try {
    return Vocabulary.read(bytes);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BundleError("invalid_model", `${path} is not a vocabulary: ${reason}`, { cause });
  }
}
