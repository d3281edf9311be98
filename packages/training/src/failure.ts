import { BundleError } from "@tagsmith/model-bundle/errors";
import { UsageError } from "@tagsmith/model-bundle/usage";
import { DatasetError } from "./dataset.ts";

/** What a command says of its failure: a line of what its call or its files are wrong in, anything else as it was thrown. */
export function failureOf(error: unknown, usage: string): unknown {
  if (error instanceof UsageError) return `${error.message}\n\n${usage}`;
  return error instanceof DatasetError || error instanceof BundleError ? error.message : error;
}
