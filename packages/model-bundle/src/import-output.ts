import { BundleError } from "./errors.ts";
import { columnsIn, LABEL_TABLE } from "./label-table.ts";
import { describeTensors, type GraphTensor, type OnnxGraph } from "./onnx-graph.ts";
import { hasRows, isFloat } from "./predictor.ts";

/**
 * The output that has a column for each label: the one of that name, or the only one.
 * @throws {BundleError} `invalid_import`
 */
export function findOutput({ outputs }: OnnxGraph, labels: readonly string[], output: string | undefined): string {
  const count = labels.length;
  const named = output === undefined ? outputs : outputs.filter(({ name }) => name === output);
  const tables = named.filter((tensor) => isFloat(tensor) && hasRows(tensor, count));
  const fitting = tables.filter(({ shape }) => shape.length < 2 || shape[1] === -1 || shape[1] === count);
  const [found, ...others] = fitting;
  if (!found || others.length > 0)
    throw new BundleError("invalid_import", noOutput({ outputs, tables, fitting }, count, output));
  if (found.name === LABEL_TABLE) assertOrder(columnsIn(outputs), labels);
  return found.name;
}

/** Who calls a label as an output is called means that output. @throws {BundleError} `invalid_import` */
function assertOrder(columns: readonly GraphTensor[], labels: readonly string[]): void {
  const names = columns.map(({ name }) => name);
  const label = labels.find((name, place) => names.includes(name) && names[place] !== name);
  if (label === undefined) return;
  const message = `label "${label}" is not at the place of the output of that name: --labels has the order of the model's outputs, ${names.join(", ")}`;
  throw new BundleError("invalid_import", message);
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
