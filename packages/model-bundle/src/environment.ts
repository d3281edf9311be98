import type { ZodError } from "zod";

export type Environment = Readonly<Record<string, string | undefined>>;

/** The variables that are set: task definitions, shells and .env files write an unset one as an empty one, as a number 0. */
export function given(variables: Environment): Environment {
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ""));
}

/** Every bad variable, a line each. */
export function describeVariables({ issues }: ZodError): string {
  return issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("\n");
}
