import { rm } from "node:fs/promises";
import { join } from "node:path";
import { readBundle } from "@tagsmith/model-bundle/bundle";
import { seed } from "@tagsmith/model-bundle/release";
import { ModelStore } from "@tagsmith/model-bundle/store";
import { startS3Server } from "@tagsmith/s3-server/server";
import { root } from "../process.ts";
import { answersGolden, pageAnswers } from "./answers.ts";
import { Container } from "./container.ts";
import { build, withEngine } from "./engine.ts";
import { compressedBytes, strangeFiles, tellingHistory } from "./image.ts";
import { containerNetwork } from "./network.ts";
import { Report } from "./report.ts";

const targets = { inference: 120e6, web: 100e6 } as const;
const bucket = "tagsmith-models";
/** The S3 server takes any. */
const credentials = { accessKeyId: "local", secretAccessKey: "local" };

/** `npm run test:images`: both images as ECS runs them, with little of everything, against an S3 server on this machine. */
await new Report("images").collect((report) =>
  withEngine(async () => {
    for (const name of ["inference", "web"] as const) if (!(await inspect(report, name))) return;
    await use(report);
  }),
);

/** @returns whether there is an image to go on with. */
async function inspect(report: Report, name: keyof typeof targets): Promise<boolean> {
  const image = `tagsmith-${name}`;
  if (!(await report.step(`${name}: builds`, async () => build(name)))) return false;
  await report.step(`${name}: is small`, async () => {
    const bytes = await compressedBytes(image);
    const size = `${megabytes(bytes)} compressed, at most ${megabytes(targets[name])}`;
    if (bytes > targets[name]) throw new Error(size);
    return size;
  });
  await report.step(`${name}: holds no source, no settings of npm and no secret`, async () => {
    const found = [...(await strangeFiles(image)), ...(await tellingHistory(image))];
    if (found.length > 0) throw new Error(found.slice(0, 20).join("\n"));
    return undefined;
  });
  return true;
}

async function use(report: Report): Promise<void> {
  await using network = await containerNetwork();
  const folder = join(root, ".tagsmith/images");
  await rm(folder, { recursive: true, force: true });
  const server = await startS3Server({ root: folder, port: 0, host: network.gateway });
  try {
    const bundle = await readBundle(join(root, "packages/training/bundle"));
    await publish(server.url, bundle);
    const aws = {
      AWS_ENDPOINT_URL: server.url,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    };
    const inference = await Container.start(network, {
      name: "inference",
      port: 8080,
      env: { ...aws, MODEL_BUCKET: bucket },
    });
    const web = await Container.start(network, {
      name: "web",
      port: 3000,
      env: { INFERENCE_URL: "http://inference:8080" },
    });
    report.explainWith(async () => `${await inference.log()}\n${await web.log()}`);
    await report.step("inference: becomes healthy, read-only, as user 1000, with ¼ CPU and 512 MB", () =>
      inference.healthy(),
    );
    await report.step("inference: predicts the bundle's golden examples", () =>
      answersGolden(inference.url, bundle.manifest),
    );
    await report.step("web: becomes healthy under the same limits", () => web.healthy());
    await report.step("web: its page answers a question with tags", () => pageAnswers(web.url));
    for (const container of [web, inference])
      await report.step(`${container.name}: ends in order on SIGTERM`, () => container.stops());
  } finally {
    await server.close();
  }
}

async function publish(endpoint: string, bundle: Awaited<ReturnType<typeof readBundle>>): Promise<void> {
  const store = new ModelStore({ bucket, endpoint, credentials });
  try {
    await store.createBucket();
    await seed(store, bundle);
  } finally {
    store.close();
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
