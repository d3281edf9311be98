import { join } from "node:path";
import { readBundle } from "@tagsmith/model-bundle/bundle";
import { isBundleError, messageOf } from "@tagsmith/model-bundle/errors";
import { seed } from "@tagsmith/model-bundle/release";
import { ModelStore } from "@tagsmith/model-bundle/store";
import { startS3Server } from "@tagsmith/s3-server/server";
import type { Env } from "./env.ts";

const embeddedBucket = "tagsmith-models";

export interface Store {
  readonly description: string;
  /** Environment that leads a program to the store. */
  readonly variables: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Serves a folder as S3 and puts the shipped model there, by the code that puts it into AWS. Throws with the settings' names where it can't. */
export async function embeddedStore(env: Env, { port, bundle }: { port: number; bundle: string }): Promise<Store> {
  const server = await startS3Server({ root: join(env.DATA_DIR, "s3"), port }).catch((cause: unknown) => {
    throw new Error(`DATA_DIR, S3_PORT: ${messageOf(cause)}`, { cause });
  });
  const variables = {
    MODEL_BUCKET: embeddedBucket,
    AWS_ENDPOINT_URL: server.url,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "embedded", // any will do, but not the user's own
    AWS_SECRET_ACCESS_KEY: "embedded",
    AWS_SESSION_TOKEN: "",
    AWS_PROFILE: "", // it would count for more than a key
  };
  const models = new ModelStore({
    bucket: embeddedBucket,
    endpoint: server.url,
    credentials: { accessKeyId: variables.AWS_ACCESS_KEY_ID, secretAccessKey: variables.AWS_SECRET_ACCESS_KEY },
  });
  await models.createBucket();
  await seed(models, await readBundle(bundle)).catch((error: unknown) => {
    // To mend it takes the store: the service says how.
    if (!isBundleError(error, "invalid_pointer")) throw error;
  });
  models.close();
  return {
    description: `${server.url}   (bucket ${embeddedBucket}, in ${env.DATA_DIR}/s3)`,
    variables,
    close: () => server.close(),
  };
}

/** The bucket that the environment names. */
export function ownStore({ MODEL_BUCKET: bucket = "", ...env }: Env): Store {
  return {
    description: `${env.AWS_ENDPOINT_URL ?? "AWS"}   (bucket ${bucket})`,
    variables: {}, // the children inherit this process's environment
    close: () => Promise.resolve(),
  };
}
