import type * as z from "zod";
import type { ErrorCode } from "./errors.ts";
import { floatBatch } from "./float-batch.ts";
import { limits } from "./limits.ts";
import {
  explainInput,
  explainOutput,
  healthOutput,
  modelMetadata,
  predictBatchOutput,
  predictOutput,
  question,
  questionBatch,
} from "./schemas.ts";

/** A procedure under an address of the REST API; the document at /api/v1/openapi.json is made of the same. */
export interface RestRoute {
  readonly method: "GET" | "POST";
  readonly summary: string;
  readonly procedure: string;
  /** Absent where nothing is read from the request. */
  readonly input?: { readonly schema: z.ZodType; readonly maxBytes: number };
  readonly output: z.ZodType;
  readonly errors: readonly ErrorCode[];
}

const ofInput = [
  "invalid_json",
  "timeout",
  "too_large",
  "wrong_model",
  "unsupported_encoding",
  "invalid_input",
  "overloaded",
  "internal",
  "not_ready",
] as const satisfies readonly ErrorCode[];

export const restRoutes: Readonly<Record<string, RestRoute>> = {
  "/api/v1/health": {
    method: "GET",
    summary: "Get health status.",
    procedure: "health",
    output: healthOutput,
    errors: [],
  },
  "/api/v1/models": {
    method: "GET",
    summary: "Get the model that serves.",
    procedure: "models",
    output: modelMetadata,
    errors: ["not_ready"],
  },
  "/api/v1/predict": {
    method: "POST",
    summary: "Get a question's tags.",
    procedure: "predict",
    input: { schema: question, maxBytes: limits.requestBytes },
    output: predictOutput,
    errors: ofInput,
  },
  "/api/v1/predict/batch": {
    method: "POST",
    summary: `Get the tags of up to ${limits.batchQuestions} questions, in their order.`,
    procedure: "predictBatch",
    input: { schema: questionBatch, maxBytes: limits.batchRequestBytes },
    output: predictBatchOutput,
    errors: ofInput,
  },
  "/api/v1/predict/floats": {
    method: "POST",
    summary: `Get the labels of up to ${limits.batchQuestions} rows of numbers, of a model that reads such.`,
    procedure: "predictFloats",
    input: { schema: floatBatch, maxBytes: limits.batchRequestBytes },
    output: predictBatchOutput,
    errors: ofInput,
  },
  "/api/v1/explain": {
    method: "POST",
    summary: "Get the words that speak for a question's tags.",
    procedure: "explain",
    input: { schema: explainInput, maxBytes: limits.requestBytes },
    output: explainOutput,
    errors: ofInput,
  },
};
