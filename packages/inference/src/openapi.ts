import * as z from "zod";
import { acceptedEncodings, errorWire, type ErrorCode } from "./errors.ts";
import { floatBatch } from "./float-batch.ts";
import { restRoutes, type RestRoute } from "./rest-routes.ts";
import * as schemas from "./schemas.ts";

const named = {
  input: {
    Question: schemas.question,
    QuestionBatch: schemas.questionBatch,
    FloatBatch: floatBatch,
    ExplainInput: schemas.explainInput,
  },
  output: {
    Health: schemas.healthOutput,
    ModelMetadata: schemas.modelMetadata,
    Prediction: schemas.prediction,
    Tagging: schemas.tagging,
    PredictOutput: schemas.predictOutput,
    PredictBatchOutput: schemas.predictBatchOutput,
    WordEffect: schemas.wordEffect,
    ExplainOutput: schemas.explainOutput,
    HTTPValidationError: schemas.validationError,
    Error: schemas.otherError,
  },
} as const;

const errorDescriptions: Record<number, string> = {
  400: "The request can't be read.",
  408: "The request came too slowly.",
  409: "The model in use reads something else.",
  413: "The request is too large, as it is or decompressed.",
  415: "The request is encoded as nothing that is known here.",
  422: "A field is missing or wrong.",
  431: "The request's headers are too large or too many.",
  429: "Too many questions at once.",
  500: "Something went wrong.",
  503: "No model serves right now.",
};

/** The REST API as an OpenAPI 3.1 document: what the routes and their schemas say, and nothing else. */
export function openApiDocument(): object {
  const paths = Object.entries(restRoutes).map(([path, route]) => [
    path,
    { [route.method.toLowerCase()]: operation(route) },
  ]);
  return {
    openapi: "3.1.0",
    info: {
      title: "Tagsmith",
      version: "1",
      description: "Stack Overflow questions in, tags out.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
    security: [], // none is needed: left out, validators take it for forgotten
    paths: Object.fromEntries(paths) as object,
    components: { schemas: { ...componentsOf("input"), ...componentsOf("output") } },
  };
}

function operation({ summary, procedure, input, output, errors }: RestRoute): object {
  return {
    operationId: procedure,
    summary,
    ...(input && { parameters: [contentEncoding], requestBody: { required: true, content: json(input.schema) } }),
    responses: {
      200: { description: "The answer.", content: json(output) },
      ...Object.fromEntries(
        [...errors, "headers_too_large" as const, "internal" as const].map((code) => [
          errorWire[code].status,
          errorResponse(code),
        ]),
      ),
    },
  };
}

const contentEncoding = {
  name: "Content-Encoding",
  in: "header",
  description: "What the body is compressed with, if it is.",
  schema: { type: "string", enum: acceptedEncodings },
};

const acceptEncoding = { description: "What a body may be compressed with.", schema: { type: "string" } };

function errorResponse(code: ErrorCode): object {
  const { status } = errorWire[code];
  const retryAfter = { description: "Seconds after which to try again.", schema: { type: "integer", minimum: 1 } };
  return {
    description: errorDescriptions[status] ?? code,
    ...(status === 415 && { headers: { "Accept-Encoding": acceptEncoding } }),
    ...((status === 429 || status === 503) && { headers: { "Retry-After": retryAfter } }),
    content: json(code === "invalid_input" ? schemas.validationError : schemas.otherError),
  };
}

const json = (schema: z.ZodType) => ({ "application/json": { schema: { $ref: reference(nameOf(schema)) } } });

const reference = (name: string) => `#/components/schemas/${name}`;

function nameOf(schema: z.ZodType): string {
  const found = Object.entries({ ...named.input, ...named.output }).find(([, other]) => other === schema);
  if (!found) throw new Error("A route's schema has no name in the OpenAPI document.");
  return found[0];
}

function componentsOf(io: keyof typeof named): Record<string, object> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named[io])) registry.add(schema, { id });
  const { schemas: made } = z.toJSONSchema(registry, { io, target: "draft-2020-12", uri: reference });
  // The document says for all of them which draft they are in and where they stand.
  return Object.fromEntries(
    Object.entries(made).map(([id, schema]) => [id, { ...schema, $schema: undefined, $id: undefined }]),
  );
}
