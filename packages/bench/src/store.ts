import { readBundle, type Bundle } from "@tagsmith/model-bundle/bundle";
import { isBundleError } from "@tagsmith/model-bundle/errors";
import { publish } from "@tagsmith/model-bundle/publish";
import { find, promote, seed, type Release } from "@tagsmith/model-bundle/release";
import { ModelStore } from "@tagsmith/model-bundle/store";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Children } from "./children.ts";
import { program } from "./programs.ts";

export const shippedBundle = fileURLToPath(new URL("../../training/bundle", import.meta.url));

/** Any will do, but not the user's own. */
const credentials = { accessKeyId: "bench", secretAccessKey: "bench" };

/** The bucket with the shipped model. */
export const shippedBucket = "shipped";
export const swapsBucket = "swaps";

/** The embedded S3 in a process of its own. */
export class Store {
  readonly url: string;

  private constructor(url: string) {
    this.url = url;
  }

  /** `root` keeps large models between runs; what depends on the sources is published afresh. */
  static async start(children: Children, root: string): Promise<Store> {
    for (const bucket of [shippedBucket, swapsBucket]) await rm(join(root, bucket), { recursive: true, force: true });
    const server = children.start("the embedded S3", program("store", root), { output: true });
    const store = new Store(await server.firstLine());
    await store.use(shippedBucket, async (models) => seed(models, await readBundle(shippedBundle)));
    return store;
  }

  /** Environment that leads a service to a bucket here. */
  variables(bucket: string): Record<string, string> {
    return {
      MODEL_BUCKET: bucket,
      AWS_ENDPOINT_URL: this.url,
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    };
  }

  /** Works with a bucket, which is made where it isn't there. */
  async use<T>(bucket: string, work: (models: ModelStore) => Promise<T>): Promise<T> {
    const models = new ModelStore({ bucket, endpoint: this.url, credentials });
    try {
      await models.createBucket();
      return await work(models);
    } finally {
      models.close();
    }
  }

  /** Promotes a version, which `make` has published if an earlier run hasn't. */
  async provide(
    models: ModelStore,
    version: { name: string; version: string },
    make: (publish: (bundle: Bundle) => Promise<Release>) => Promise<Release>,
  ): Promise<void> {
    const release = await find(models, version).catch((error: unknown) => {
      if (!isBundleError(error, "not_found")) throw error;
      return make((bundle) => publish(models, bundle));
    });
    await promote(models, release);
  }
}
