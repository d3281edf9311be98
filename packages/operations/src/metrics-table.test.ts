import { readFile } from "node:fs/promises";
import { Registry } from "prom-client";
import { expect, it } from "vitest";
import { Metrics } from "../../inference/src/metrics.ts";
import { Supervisor } from "../../inference/src/processes.ts";
import { ServedModel } from "../../inference/src/served-model.ts";
import { Metrics as WebMetrics } from "../../web/server/metrics.ts";
import { logTo } from "./log.ts";

const document = new URL("../../../docs/observability.md", import.meta.url);

/** Each metric of ours with its labels, from all registries. */
function metricsOfOurs(): string[] {
  const log = logTo({ write: () => undefined }, "silent");
  const model = new ServedModel({ queue: 1, deadlineMs: 1 });
  const none = new Supervisor(0, log, () => undefined);
  const registries = [new Metrics(model).registry, none.registry, new WebMetrics().registry];
  const metrics = Registry.merge(registries).getMetricsAsArray() as unknown as { name: string; labelNames: string[] }[];
  return metrics
    .filter(({ name }) => name.startsWith("tagsmith_"))
    .map(({ name, labelNames }) => [name, ...labelNames].join(" "));
}

it("the document's table names every metric that is counted, with its labels, and no other", async () => {
  const rows = (await readFile(document, "utf8")).matchAll(/^\| `(tagsmith_\w+)` +\| ([^|]*)\|/gm);
  const told = [...rows].map(([, name = "", labels = ""]) =>
    [name, ...labels.split(/[\s,]+/).filter(Boolean)].join(" "),
  );
  expect(told.toSorted()).toEqual(metricsOfOurs().toSorted());
});
