import type { Predictor } from "@tagsmith/model-bundle/predictor";

const warmUpRuns = 3;
const measuredRuns = 5;

/** Milliseconds that one question costs: the least of a few runs, for what else goes on at a start only adds to them. */
export async function measureRun(model: Predictor): Promise<number> {
  const [example] = model.manifest.golden.examples;
  const question = example ?? { title: "warm up", body: "" };
  for (let run = 0; run < warmUpRuns; run++) await model.predict([question]);
  let runMs = Infinity;
  for (let run = 0; run < measuredRuns; run++) {
    const startMs = performance.now();
    await model.predict([question]);
    runMs = Math.min(runMs, performance.now() - startMs);
  }
  return runMs;
}
