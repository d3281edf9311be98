import { tinyBundle } from "@tagsmith/model-bundle/test/tiny-bundle";
import { expect, it } from "vitest";
import { withBuiltService } from "../test/built-service.ts";
import { eventually } from "../test/eventually.ts";
import { askUntilTold, readMetric, withProcess, type Running } from "../test/with-process.ts";

/** Of each model, and once more for each session. */
const idleBytes = 8 * 2 ** 20;
const warmSwaps = 15;
const swaps = 50;
/** They take 20 s; a machine that has other things to do needs its time. */
const patienceMs = 300_000;

it("50 promotions under load fail no request, and leave no memory behind", { timeout: patienceMs }, () =>
  withBuiltService((main) =>
    withProcess(
      async (service) => {
        const clients = Array.from({ length: 4 }, () => askUntilTold(service.url));
        const warmBytes = await swapUntil(service, warmSwaps);
        const grownBytes = (await swapUntil(service, swaps)) - warmBytes;
        service.child.kill("SIGTERM");
        expect(await Promise.all(clients.map(({ end }) => end))).toEqual(clients.map(() => "told to leave"));
        const answers = clients.flatMap(({ answered }) => answered);
        expect(answers.length).toBeGreaterThan(swaps);
        expect(answers.filter((status) => status !== 200)).toEqual([]);
        expect(grownBytes).toBeLessThan(((swaps - warmSwaps) / 2) * idleBytes);
      },
      { bundle: version("0"), variables: { WATCH_MS: "20" }, program: [main] },
    ),
  ),
);

/** Promotes one version after another. Resolves to the bytes that are resident then. */
async function swapUntil({ url, store }: Running, count: number): Promise<number> {
  const done = () => readMetric(url, "tagsmith_model_swaps_total");
  for (let swap = (await done()) + 1; swap <= count; swap++) {
    await store.promote(await version(String(swap % 2)));
    await eventually(done).toBe(swap);
  }
  return readMetric(url, "process_resident_memory_bytes");
}

const versions = new Map<string, ReturnType<typeof tinyBundle>>();

function version(name: string): ReturnType<typeof tinyBundle> {
  const bundle = versions.get(name) ?? tinyBundle({ version: name, idleBytes });
  versions.set(name, bundle);
  return bundle;
}
