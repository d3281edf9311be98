import type { Bundle } from "@tagsmith/model-bundle/bundle";
import { publish } from "@tagsmith/model-bundle/publish";
import { promote, type Release } from "@tagsmith/model-bundle/release";
import { ModelStore } from "@tagsmith/model-bundle/store";
import type { S3Server } from "@tagsmith/s3-server/server";
import type { Models } from "./models.ts";
import { FaultProxy } from "./proxy.ts";

/** What all rows share. */
export interface Lab {
  readonly folder: string;
  readonly s3: S3Server;
  readonly models: Models;
  /** Whether faults last as long as their rows say, and not only as long as it takes to see the same. */
  readonly isRealTime: boolean;
}

export type Variables = Readonly<Record<string, string>>;

const credentials = { accessKeyId: "faults", secretAccessKey: "faults" };

/** A bucket of its own with models, and the way to it for services and the web server: through a proxy that can fail. */
export class Site implements AsyncDisposable {
  readonly proxy: FaultProxy;
  /** The same bucket, past the proxy. */
  readonly store: ModelStore;
  readonly #folder: string;
  readonly #bucket: string;
  static #lastNumber = 0;

  private constructor({ folder, s3 }: Lab, proxy: FaultProxy) {
    this.#folder = folder;
    this.#bucket = `site-${++Site.#lastNumber}`;
    this.proxy = proxy;
    this.store = new ModelStore({ bucket: this.#bucket, endpoint: s3.url, credentials });
  }

  static async open(lab: Lab, ...bundles: readonly Bundle[]): Promise<Site> {
    const site = new Site(lab, await FaultProxy.before(lab.s3.url));
    await site.store.createBucket();
    for (const bundle of bundles) await site.promote(bundle);
    return site;
  }

  async promote(bundle: Bundle): Promise<Release> {
    return promote(this.store, await publish(this.store, bundle));
  }

  /** Environment that leads a program to the bucket, and leaves nothing elsewhere when it is killed. */
  get variables(): Variables {
    return {
      MODEL_FOLDER: this.#folder,
      MODEL_BUCKET: this.#bucket,
      AWS_ENDPOINT_URL: this.proxy.url,
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.store.close();
    await this.proxy[Symbol.asyncDispose]();
  }
}
