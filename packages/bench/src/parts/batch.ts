import { join } from "node:path";
import type { Bench } from "../bench.ts";
import { writeBodies } from "../questions.ts";
import { sideBySide } from "../side-by-side.ts";
import { pairedRatio, spreadOf } from "../statistics.ts";
import { shippedBucket } from "../store.ts";
import { startService } from "../systems.ts";
import { perSecond } from "../wrk.ts";

const batchQuestions = 256;
const connections = 8;

/** What a question costs in a full batch, against a call of its own. */
export async function batch(bench: Bench): Promise<void> {
  bench.step("starting");
  const service = await startService(bench, { bucket: shippedBucket });
  const { list, bodies } = bench.questions;
  const batches = join(bench.folder, "batches.jsonl");
  const questions = (first: number) =>
    Array.from({ length: batchQuestions }, (_, at) => list[(first + at) % list.length]);
  await writeBodies(
    batches,
    [0, 64, 128, 192].map((first) => ({ questions: questions(first) })),
  );
  const [single = [], batched = []] = await sideBySide(bench, `REST, ${connections} connections`, [
    {
      name: `${service.name}, single calls`,
      system: service,
      url: `${service.url}/api/v1/predict`,
      connections,
      bodies,
    },
    {
      name: `${service.name}, batches of ${batchQuestions}`,
      system: service,
      url: `${service.url}/api/v1/predict/batch`,
      connections,
      bodies: batches,
    },
  ]);
  const perQuestion = batched.map((result) => 1 / (perSecond(result) * batchQuestions));
  const perCall = single.map((result) => 1 / perSecond(result));
  const microseconds = (seconds: readonly number[]) => `${(spreadOf(seconds).median * 1e6).toFixed(0)} µs`;
  const detail = `${microseconds(perQuestion)} against ${microseconds(perCall)}`;
  bench.record.figure("batch_question", pairedRatio(perQuestion, perCall), detail);
  await service.stop();
}
