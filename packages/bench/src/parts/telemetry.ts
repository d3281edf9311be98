import type { Bench } from "../bench.ts";
import { sideBySide } from "../side-by-side.ts";
import { pairedRatio, spreadOf } from "../statistics.ts";
import { shippedBucket } from "../store.ts";
import { startCollector, startService } from "../systems.ts";
import { perSecond } from "../wrk.ts";

const connections = 8;
/** What stages keep of their traces. */
const share = 0.05;
/** One round differs from the next by more than what is to be measured. */
const moreRounds = 4;

/** The service as on AWS, telling a collector and CloudWatch of itself, against the same in silence. */
export async function telemetry(bench: Bench): Promise<void> {
  bench.step("starting");
  const collector = await startCollector(bench);
  const variables = {
    STAGE: "bench",
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_TRACES_SAMPLER_ARG: String(share),
  };
  const telling = await startService(bench, { bucket: shippedBucket, variables });
  const silent = await startService(bench, { bucket: shippedBucket });
  const contenders = [
    { name: "traces on", system: telling },
    { name: "traces off", system: silent },
  ].map(({ name, system }) => ({
    name,
    system,
    url: `${system.url}/api/v1/predict`,
    connections,
    bodies: bench.questions.bodies,
  }));
  const more = { ...bench, rounds: bench.rounds * moreRounds };
  const results = await sideBySide(more, `POST, ${connections} connections`, contenders);
  const [on = [], off = []] = results.map((rounds) => rounds.map(perSecond));
  const rates = `${spreadOf(on).median.toFixed(0)}/s against ${spreadOf(off).median.toFixed(0)}/s`;
  await telling.stop(); // sends the last spans
  const bytes = Number(await (await fetch(collector.url)).text());
  if (bytes === 0) throw new Error("the collector got nothing");
  const detail = `${rates}; ${(bytes / 2 ** 20).toFixed(1)} MiB of spans`;
  bench.record.figure("telemetry_cost", pairedRatio(on, off), detail);
  await Promise.all([silent.stop(), collector.stop()]);
}
