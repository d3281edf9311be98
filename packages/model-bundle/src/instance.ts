import type { Question } from "@tagsmith/features/question";
import type { Manifest } from "./manifest.ts";

/** A row of numbers, for a model that reads no text; what is missing is null. */
export interface FloatRow {
  readonly floats: readonly (number | null)[];
}

/** What a model is asked. */
export type Instance = Question | FloatRow;

export const isFloatRow = (instance: Instance): instance is FloatRow => "floats" in instance;

/** What is wrong with asking a model this, if anything is. */
export function misreading(input: Manifest["input"], instance: Instance): string | undefined {
  if (input.kind !== "floats")
    return isFloatRow(instance) ? "must be a title and a body: the model reads text" : undefined;
  const { length } = input.columns;
  if (!isFloatRow(instance)) return `must be a row of ${length} floats: the model reads no text`;
  return instance.floats.length === length ? undefined : `must have ${length} floats, found ${instance.floats.length}`;
}

/** Whether two models can be asked the same: questions, or rows of as many numbers. */
export function areAskedAlike(one: Manifest["input"], other: Manifest["input"]): boolean {
  const [width, otherWidth] = [one, other].map((input) => (input.kind === "floats" ? input.columns.length : 0));
  return width === otherWidth;
}

/** @throws {Error} for rows of numbers: who asks has looked at the manifest */
export function asQuestions(instances: readonly Instance[]): readonly Question[] {
  return instances.map((instance) => {
    if (isFloatRow(instance)) throw new Error("A question was to be asked, not a row of floats.");
    return instance;
  });
}

/** @throws {Error} for questions: who asks has looked at the manifest */
export function asRows(instances: readonly Instance[]): readonly FloatRow[] {
  return instances.map((instance) => {
    if (!isFloatRow(instance)) throw new Error("A row of floats was to be asked, not a question.");
    return instance;
  });
}
