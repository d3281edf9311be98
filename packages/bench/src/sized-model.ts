import type { Bench } from "./bench.ts";
import { modelOfSize, randomModelVersion, withRandomBundle } from "./random-model.ts";

/** The bucket whose current model is of that size; made on the first run, kept for the next ones. */
export async function sizedModel(bench: Bench, mebibytes: number): Promise<string> {
  const bucket = `size-${mebibytes}`;
  const release = { name: "random", version: randomModelVersion };
  await bench.store.use(bucket, async (models) => {
    await bench.store.provide(models, release, (publish) => {
      bench.step(`making a model of ${mebibytes} MiB, once`);
      return withRandomBundle(bench.folder, modelOfSize(mebibytes), publish);
    });
  });
  return bucket;
}
