import { z } from "zod";

const port = z.coerce.number().int().min(0).max(65_535);
const httpUrl = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ""));

const schema = z.object({
  PORT: port.default(3000),
  /** The address to listen on; a container sets 0.0.0.0. */
  HOST: z.string().min(1).default("127.0.0.1"),
  /** Where this server reaches the inference service. */
  INFERENCE_URL: httpUrl.default("http://127.0.0.1:8080"),
  /** Where a browser reaches the inference service, if not at this site's own origin. */
  PUBLIC_API_URL: httpUrl.optional(),
});

export type Env = Readonly<z.infer<typeof schema>>;

/** The configuration, frozen. Throws one Error that names every bad variable. An empty variable counts as unset. */
export function readEnv(source: NodeJS.ProcessEnv = process.env): Env {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ""));
  const result = schema.safeParse(given);
  if (result.success) return Object.freeze(result.data);
  const problems = result.error.issues.map((issue) => `  ${issue.path.join(".")}: ${issue.message}`);
  throw new Error(["The web server's configuration is not valid:", ...problems].join("\n"));
}
