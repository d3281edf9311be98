import type { Question } from "@tagsmith/features/question";
import { misreading } from "@tagsmith/model-bundle/instance";
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

/** Throws `ServiceError` wrong_model where the model in use reads questions, invalid_input naming each row of a wrong length. */
export function askRows(engine: Engine, rows: readonly (readonly number[])[], asker?: Asker): Probabilities {
  const { input } = engine.manifest;
  if (input.kind !== "floats") {
    throw new ServiceError("wrong_model", "The model in use reads questions, not rows of numbers: ask it by predict.");
  }
  const instances = rows.map((floats) => ({ floats }));
  const fields = instances.flatMap((instance, index): FieldError[] => {
    const msg = misreading(input, instance);
    return msg === undefined ? [] : [{ type: "value_error", loc: ["body", "inputs", index], msg: `Input ${msg}` }];
  });
  if (fields.length === 0) return engine.predict(instances, asker);
  const sentence = fields.map(({ loc, msg }) => `${loc.slice(1).join(".")}: ${msg}`).join("; ");
  throw new ServiceError("invalid_input", sentence, { fields });
}
