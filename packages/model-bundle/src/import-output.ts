import { BundleError } from "./errors.ts";
import { describeTensors, type GraphTensor, type OnnxGraph } from "./onnx-graph.ts";
import { hasRows, isFloat } from "./predictor.ts";

/**
 * The output that has a column for each label: the one of that name, or the only one.
 * @throws {BundleError} `invalid_import`
 */
export function findOutput({ outputs }: OnnxGraph, labels: number, output: string | undefined): string {
  const named = output === undefined ? outputs : outputs.filter(({ name }) => name === output);
  const tables = named.filter((tensor) => isFloat(tensor) && hasRows(tensor, labels));
  const fitting = tables.filter(({ shape }) => shape.length < 2 || shape[1] === -1 || shape[1] === labels);
  const [found, ...others] = fitting;
  if (found && others.length === 0) return found.name;
  throw new BundleError("invalid_import", noOutput({ outputs, tables, fitting }, labels, output));
}

interface Candidates {
  readonly outputs: readonly GraphTensor[];
  readonly tables: readonly GraphTensor[];
  readonly fitting: readonly GraphTensor[];
}

function noOutput({ outputs, tables, fitting }: Candidates, labels: number, output: string | undefined): string {
  if (fitting.length > 0) return `several outputs could be the probabilities, name one: ${describeTensors(fitting)}`;
  if (tables.length > 0) return `there are ${labels} labels, but the model gives ${describeTensors(tables)}`;
  const name = output === undefined ? "" : ` of the name "${output}"`;
  return `the model has no output float32[N,${labels}]${name}, but ${describeTensors(outputs)}`;
}
