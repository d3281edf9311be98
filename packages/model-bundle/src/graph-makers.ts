import type { onnx as Onnx } from "onnx-proto";

/** What gives a tensor's values in another shape, or as another type. */
const reshapers = new Set(["Cast", "Flatten", "Identity", "Reshape", "Squeeze"]);

/** The node that a tensor's values come from, past those that only give them another shape or type. */
export function makerOf(
  { node }: Onnx.IGraphProto,
  name: string,
  past: ReadonlySet<string> = reshapers,
): Onnx.INodeProto | undefined {
  const nodes = node ?? [];
  // A node comes after those that it reads; in a malformed graph, they might go round in a circle.
  const before = (end: number, wanted: string | null | undefined) =>
    nodes.findLastIndex(({ output: made }, at) => at < end && made?.some((one) => one === wanted));
  let at = before(nodes.length, name);
  while (past.has(nodes[at]?.opType ?? "")) at = before(at, nodes[at]?.input?.[0]);
  return nodes[at];
}

/** What takes parts of a tensor, scales its rows to a sum of 1, or rounds them, besides. */
const carriers = new Set([
  ...reshapers,
  "Concat",
  "DequantizeLinear",
  "Normalizer",
  "QuantizeLinear",
  "Slice",
  "Transpose",
]);

/** An activation, or a classifier of scikit-learn's. */
const makesProbabilities = /^(?:Sigmoid|Softmax|(?:Linear|SVM|TreeEnsemble)Classifier)$/;

/** Whether a graph's output is made by what gives probabilities. */
export function holdsProbabilities(graph: Onnx.IGraphProto, output: string): boolean {
  return makesProbabilities.test(makerOf(graph, output, carriers)?.opType ?? "");
}
