import * as z from "zod";

/** Names become parts of S3 keys and of file names, so that none may lead out of its folder. */
export const fileName = z
  .string()
  .max(200)
  .regex(/^[A-Za-z0-9_][A-Za-z0-9._-]*$/, "must be a plain file name: letters, digits, '.', '_' and '-'")
  .refine((name) => name !== "manifest.json", "must not be manifest.json itself");
export const tensorName = z.string().min(1);

/** What is read of a question; `prose` and `code` are the two halves of `body`. */
export const textField = z.enum(["title", "body", "prose", "code"]);
export type TextField = z.infer<typeof textField>;

const features = z.strictObject({
  feature_version: z.int(),
  vocabulary: fileName,
  ids: tensorName,
  weights: tensorName,
});
export type Features = z.infer<typeof features>;

const featuresInput = z.strictObject({ kind: z.literal("features"), ...features.shape });
/** One tensor of all, or one for each of what is read. */
const tensorNames = z.union([tensorName, z.array(tensorName).min(1)]);
const textInput = z.strictObject({
  kind: z.literal("text"),
  name: tensorNames,
  fields: z.array(textField).min(1),
});
const tokensInput = z.strictObject({
  kind: z.literal("tokens"),
  tokenizer: fileName,
  max_tokens: z.int().min(1).max(100_000),
  /** Where a longer text is cut; absent where it is at its end. */
  truncation_side: z.literal("left").optional(),
  fields: z.array(textField).min(1),
  separator: z.string().max(100),
  /** A second text, which the tokenizer sets apart from the first in its own way. */
  pair: z.array(textField).min(1).optional(),
  /** What a model of both reads beside the tokens. */
  features: features.optional(),
});
const floatsInput = z.strictObject({
  kind: z.literal("floats"),
  name: tensorNames,
  columns: z.array(z.string().min(1).max(200)).min(1).max(10_000),
});

/** What a model reads, by kind. */
export const modelInput = z.discriminatedUnion("kind", [featuresInput, textInput, tokensInput, floatsInput]);

export type InputKind = z.infer<typeof modelInput>["kind"];
export type InputOf<Kind extends InputKind> = Extract<z.infer<typeof modelInput>, { kind: Kind }>;

/** The features that a model reads, and the field that tells of them. */
export function featuresOf(input: z.infer<typeof modelInput>): [path: string[], features: Features] | undefined {
  if (input.kind === "features") return [[], input];
  if (input.kind === "tokens" && input.features) return [["features"], input.features];
  return undefined;
}
