import * as z from "zod";
import { errorWire, type ErrorCode } from "./errors.ts";
import { limits } from "./limits.ts";

export const fieldRequired = "Field required";

/** zod tells a missing field from one of a wrong type in its words only. */
export const required = {
  error: (issue: { input?: unknown }) => (issue.input === undefined ? fieldRequired : undefined),
};

const titleMeta = {
  description: "The question's title.",
  pattern: "\\S", // what is left without blanks at its ends must not be empty
  example: "How do I merge two dictionaries in Python?",
};

const title = z.string(required).trim().min(1).max(limits.titleCharacters).meta(titleMeta);

/** The same with the blanks at its ends: what is found in it is told by its place in the title as given. */
const titleAsGiven = z
  .string(required)
  .superRefine((given, context) => {
    for (const issue of title.safeParse(given).error?.issues ?? []) context.addIssue({ ...issue });
  })
  .meta({ ...titleMeta, minLength: 1, maxLength: limits.titleCharacters });

export const question = z.object({
  title,
  body: z.string().max(limits.bodyCharacters).default("").meta({
    description: "The question's body, plain text or HTML.",
    example: "<p>I have <code>x = {'a': 1}</code> and <code>y = {'b': 2}</code>.</p>",
  }),
});

export const questionBatch = z.object({
  questions: z.array(question, required).min(1).max(limits.batchQuestions),
});

export const explainInput = question.extend({
  title: titleAsGiven,
  tags: z.array(z.string()).min(1).max(limits.explainedTags).optional().meta({
    description: "The tags to explain; without it, the predicted ones.",
  }),
});

export const modelMetadata = z.object({
  name: z.string(),
  version: z.string(),
  description: z.string(),
  training_data: z.string(),
});

const confidence = z.number().min(0).max(1);

export const prediction = z.object({ tag: z.string(), confidence });

export const tagging = z.object({
  tags: z.array(z.string()).meta({ description: "Labels that reach their threshold, best first." }),
  predictions: z.array(prediction).meta({
    description: "The most confident labels, every predicted tag among them, best first.",
  }),
});

export const predictOutput = z.object({ ml_model_metadata: modelMetadata, ...tagging.shape });

export const predictBatchOutput = z.object({ ml_model_metadata: modelMetadata, results: z.array(tagging) });

const span = z.object({ field: z.enum(["title", "body"]), start: z.int(), end: z.int() });

export const wordEffect = z.object({
  text: z.string(),
  drop: z.number().meta({
    description: "By how much the tag's probability falls when the word is left out; negative where it rises.",
  }),
  spans: z.array(span).meta({ description: "Where the word stands: UTF-16 offsets into the field as given." }),
});

export const explainOutput = z.object({
  ml_model_metadata: modelMetadata,
  explanations: z.array(z.object({ tag: z.string(), confidence, words: z.array(wordEffect) })),
  words: z.object({ total: z.int(), explained: z.int() }).meta({
    description: "Distinct words of the question, and how many of them, the earliest, were left out in turn.",
  }),
});

export const currentModel = modelMetadata.extend({
  licence: z.string(),
  created_at: z.string(),
  manifest_sha256: z.string(),
  input_kind: z.enum(["features", "text", "tokens", "floats"]),
  columns: z
    .array(z.string())
    .optional()
    .meta({ description: "What the numbers of a row are, for a model of floats." }),
  labels: z.array(z.string()),
  thresholds: z.array(z.number()),
  unlabelled_discount: z.number().meta({
    description: "A question's thresholds are multiplied by 1 - this × the probability that none of the labels fits.",
  }),
  metrics: z.record(z.string(), z.unknown()),
});

export const healthOutput = z.literal("Service healthy!");

/** FastAPI's answer to bad fields. */
export const validationError = z.object({
  detail: z.array(z.object({ type: z.string(), loc: z.array(z.union([z.string(), z.int()])), msg: z.string() })),
});

export const otherError = z.object({
  detail: z.string().meta({ description: "What went wrong, in a sentence." }),
  code: z.enum(Object.keys(errorWire) as [ErrorCode, ...ErrorCode[]]),
});

export type ModelMetadata = z.infer<typeof modelMetadata>;
export type Prediction = z.infer<typeof prediction>;
export type Tagging = z.infer<typeof tagging>;
export type PredictOutput = z.infer<typeof predictOutput>;
export type PredictBatchOutput = z.infer<typeof predictBatchOutput>;
export type ExplainInput = z.infer<typeof explainInput>;
export type ExplainOutput = z.infer<typeof explainOutput>;
export type WordEffect = z.infer<typeof wordEffect>;
export type CurrentModel = z.infer<typeof currentModel>;
