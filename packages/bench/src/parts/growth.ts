import type { Question } from "@tagsmith/features/question";
import type { Bundle } from "@tagsmith/model-bundle/bundle";
import { createPredictor } from "@tagsmith/model-bundle/predictor";
import { join } from "node:path";
import type { Bench } from "../bench.ts";
import { writeBodies } from "../questions.ts";
import { withRandomBundle } from "../random-model.ts";
import { sizedModel } from "../sized-model.ts";
import { spreadOf, type Point } from "../statistics.ts";
import { shippedBucket } from "../store.ts";
import { startService, type System } from "../systems.ts";
import { load, perSecond } from "../wrk.ts";

/** How each cost grows with what it depends on, over a few powers of ten. */
export async function growth(bench: Bench): Promise<void> {
  await ofText(bench);
  await ofLabels(bench);
  await ofVocabulary(bench);
  await ofConnections(bench);
  await ofSize(bench);
}

const microseconds = "µs a question";

/** A whole request's, since reading, parsing and checking the text grow with it as well. */
async function ofText(bench: Bench): Promise<void> {
  const service = await startService(bench, { bucket: shippedBucket });
  const text = bench.questions.list.map(({ body }) => body).join("\n");
  const bodies = join(bench.folder, "text.jsonl");
  const points: Point[] = [];
  for (const characters of [100, 300, 1_000, 3_000, 10_000, 30_000, 100_000]) {
    bench.step(`text of ${characters} characters`);
    const body = text.repeat(Math.ceil(characters / text.length)).slice(0, characters);
    await writeBodies(bodies, [{ title: "How do I do this?", body }]);
    const result = await load(bench.children, { ...ofService(service, bench), bodies });
    points.push({ x: characters, y: 1e6 / perSecond(result) });
  }
  await service.stop();
  bench.record.curve("growth_text", { x: "characters of the body", y: "µs a request" }, points);
}

const ofService = ({ url }: System, { seconds }: Bench) => ({ url: `${url}/api/v1/predict`, connections: 8, seconds });

async function ofLabels(bench: Bench): Promise<void> {
  const points: Point[] = [];
  for (const labels of [100, 300, 1_000, 3_000, 10_000]) {
    bench.step(`${labels} labels`);
    const model = { rows: 10_000, labels, vocabulary: 10_000 };
    const y = await withRandomBundle(bench.folder, model, (bundle) => costOf(bench, bundle, bench.questions.list));
    points.push({ x: labels, y });
  }
  bench.record.curve("growth_labels", { x: "labels", y: microseconds }, points);
}

async function ofVocabulary(bench: Bench): Promise<void> {
  const points: Point[] = [];
  for (const rows of [10_000, 30_000, 100_000, 300_000, 1_000_000]) {
    bench.step(`vocabulary of ${rows}`);
    const model = { rows, labels: 100, vocabulary: rows };
    const y = await withRandomBundle(bench.folder, model, (bundle) => costOf(bench, bundle, bench.questions.list));
    points.push({ x: rows, y });
  }
  bench.record.curve("growth_vocabulary", { x: "features in the vocabulary", y: microseconds }, points);
}

async function ofConnections(bench: Bench): Promise<void> {
  const service = await startService(bench, { bucket: shippedBucket });
  const { bodies } = bench.questions;
  const points: Point[] = [];
  let failed = 0;
  for (const connections of [1, 8, 64, 500, 2_000, 5_000]) {
    bench.step(`${connections} connections`);
    const result = await load(bench.children, { ...ofService(service, bench), connections, bodies });
    points.push({ x: connections, y: 1e6 / perSecond(result) });
    failed += result.socketErrors;
  }
  await service.stop();
  bench.record.curve("growth_connections", { x: "connections", y: "µs an answer" }, points);
  bench.record.note(`connections: ${failed} broke; beyond what the queue takes, answers are 429`);
}

async function ofSize(bench: Bench): Promise<void> {
  const points: Point[] = [];
  for (const mebibytes of [1, 8, 64, 512, 1_024, 2_048]) {
    const bucket = await sizedModel(bench, mebibytes);
    const readyMs: number[] = [];
    for (let start = 0; start < 2; start++) {
      bench.step(`model of ${mebibytes} MiB: start to ready`);
      const service = await startService(bench, { bucket });
      readyMs.push(service.readyMs);
      await service.stop();
    }
    points.push({ x: mebibytes, y: Math.min(...readyMs) });
  }
  bench.record.curve("growth_size", { x: "MiB of the model", y: "ms from start to ready" }, points);
}

const measuredMs = 400;
const slices = 5;

/** Microseconds of this thread that one question costs, text to probabilities: the median of some stretches of time. */
async function costOf({ signal }: Bench, bundle: Bundle, questions: readonly Question[]): Promise<number> {
  const predictor = await createPredictor(bundle);
  try {
    const stretch = async () => {
      const startMs = performance.now();
      let count = 0;
      for (; performance.now() - startMs < measuredMs / slices || count === 0; count++) {
        signal.throwIfAborted();
        const question = questions[count % questions.length];
        if (question) await predictor.predict([question]);
      }
      return ((performance.now() - startMs) * 1_000) / count;
    };
    await stretch(); // warms up
    const costs: number[] = [];
    for (let slice = 0; slice < slices; slice++) costs.push(await stretch());
    return spreadOf(costs).median;
  } finally {
    await predictor.close();
  }
}
