import { string, url, type ZodError } from "zod";

/** Where a server is, as AWS_ENDPOINT_URL says it. */
export const httpUrl = url({ protocol: /^https?$/, error: "is not an http address" });

/** A name, or an access point's ARN. */
export const bucketName = string({ error: "names the bucket that holds the model" }).regex(
  /^(arn:.+|[^/]+)$/,
  "is not a bucket's name, which has neither s3:// nor a slash",
);

export type Environment = Readonly<Record<string, string | undefined>>;

/** Leaves out empty variables: in shells and .env files that means unset, and zod would read an empty number as 0. */
export function given(variables: Environment): Environment {
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ""));
}

/** Every bad variable, a line each. */
export function describeVariables({ issues }: ZodError): string {
  return issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("\n");
}
