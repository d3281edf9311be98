import type { Question } from "@tagsmith/features/question";
import { isBundleError } from "@tagsmith/model-bundle/errors";
import { isFloatRow, misreading, type FloatRow, type Instance } from "@tagsmith/model-bundle/instance";
import { ServiceError, type FieldError } from "./errors.ts";
import type { Asker, Engine } from "./model-access.ts";

type Probabilities = Promise<readonly Float32Array[]>;

/** Throws `ServiceError` wrong_model where the model in use reads no text. */
export function askQuestions(engine: Engine, questions: readonly Question[], asker?: Asker): Probabilities {
  const { input } = engine.manifest;
  if (input.kind !== "floats") return engine.predict(questions, asker);
  const message = `The model in use reads rows of ${input.columns.length} numbers, not questions: ask it by predictFloats.`;
  throw new ServiceError("wrong_model", message);
}

/**
 * Throws `ServiceError` wrong_model where the model in use reads questions, invalid_input naming each row of a wrong length, or with
 * a number that the model doesn't read, as with a missing one of which it makes no probability.
 */
export function askRows(engine: Engine, rows: readonly FloatRow["floats"][], asker?: Asker): Probabilities {
  const { input } = engine.manifest;
  if (input.kind !== "floats") {
    throw new ServiceError("wrong_model", "The model in use reads questions, not rows of numbers: ask it by predict.");
  }
  const instances = rows.map((floats) => ({ floats }));
  const fields = instances.flatMap((instance, index) => {
    const msg = misreading(input, instance);
    return msg === undefined ? [] : [fieldError([index], `Input ${msg}`)];
  });
  if (fields.length === 0) return engine.predict(instances, asker).catch((error: unknown) => refuse(error, instances));
  throw invalid(fields);
}

/** Whether it is the rows that a model can't answer: another one may well. */
export const isRowsFault = (error: unknown, asked: readonly Instance[]): boolean =>
  isBundleError(error, "invalid_row") || (isBundleError(error, "invalid_output") && asked.some(isIncomplete));

const isIncomplete = (instance: Instance) => isFloatRow(instance) && instance.floats.includes(null);

function refuse(cause: unknown, rows: readonly FloatRow[]): never {
  if (!isRowsFault(cause, rows)) throw cause;
  if (isBundleError(cause, "invalid_row"))
    throw invalid([fieldError([], `Input can't be read: ${cause.message}`)], cause);
  const incomplete = rows.flatMap((row, index) => (isIncomplete(row) ? [index] : []));
  throw invalid(
    incomplete.map((index) => fieldError([index], "Input has null, and the model knows no missing numbers")),
    cause,
  );
}

function fieldError(row: number[], msg: string): FieldError {
  return { type: "value_error", loc: ["body", "inputs", ...row], msg };
}

function invalid(fields: readonly FieldError[], cause?: unknown): ServiceError {
  const sentence = fields.map(({ loc, msg }) => `${loc.slice(1).join(".")}: ${msg}`).join("; ");
  return new ServiceError("invalid_input", sentence, { fields, cause });
}
