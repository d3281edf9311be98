import { bucketName, describeVariables, given, httpUrl } from "@tagsmith/model-bundle/environment";
import * as z from "zod";

const port = (fallback: number) => z.coerce.number().int().min(0).max(65_535).default(fallback);

const schema = z
  .object({
    /** Port of the web UI; 0 lets the system choose, here and below. */
    PORT: port(3000),
    INFERENCE_PORT: port(8080),
    S3_PORT: port(9000),
    /** Where the embedded object store keeps its files. */
    DATA_DIR: z.string().min(1).default(".tagsmith"),
    /** A bucket to use instead of the embedded store; AWS's usual settings say how to reach it. */
    MODEL_BUCKET: bucketName.optional(),
    AWS_ENDPOINT_URL: httpUrl.optional(),
    LOG_LEVEL: z.string().default("warn"),
  })
  .refine((env) => env.MODEL_BUCKET !== undefined || env.AWS_ENDPOINT_URL === undefined, {
    path: ["MODEL_BUCKET"],
    error: "AWS_ENDPOINT_URL is set: name the bucket to use there",
  });

export type Env = z.infer<typeof schema>;

/**
 * The settings of `npm start`.
 * @throws {Error} naming every bad variable at once.
 */
export function readEnv(variables: NodeJS.Dict<string> = process.env): Env {
  const result = schema.safeParse(given(variables));
  if (result.success) return Object.freeze(result.data);
  throw new Error(describeVariables(result.error));
}

/** What a child process starts with: our own environment and `variables` over it. */
export function childEnv(variables: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { ...process.env, ...variables };
}
