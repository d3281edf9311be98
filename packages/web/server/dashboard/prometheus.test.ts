import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { expect, it } from "vitest";
import { parseMetrics } from "./prometheus.ts";

it("reads what prom-client writes, whatever stands in a label", async () => {
  const registry = new Registry();
  const registers = [registry];
  const strange = 'a "quoted" \\ path,\nof two lines {x="y"}';
  new Counter({ name: "asked_total", help: "Of all kinds.", labelNames: ["route", "status"], registers })
    .labels({ route: strange, status: "200" })
    .inc(3);
  new Gauge({ name: "waiting", help: "Now.", registers }).set(-1.5e-7);
  new Histogram({ name: "seconds", help: "Long.", buckets: [0.1, 1], registers }).observe(0.5);
  const scrape = parseMetrics(await registry.metrics());
  expect(scrape.get("asked_total")).toEqual([{ labels: { route: strange, status: "200" }, value: 3 }]);
  expect(scrape.get("waiting")).toEqual([{ labels: {}, value: -1.5e-7 }]);
  expect(scrape.get("seconds_bucket")).toEqual([
    { labels: { le: "0.1" }, value: 0 },
    { labels: { le: "1" }, value: 1 },
    { labels: { le: "+Inf" }, value: 1 },
  ]);
});

it("reads values that are no plain numbers, and leaves out what is no sample", () => {
  const scrape = parseMetrics("# HELP x y\n\nlimit +Inf\nlow -Inf\nold 1 1700000000000\n<html>\n");
  expect([...scrape]).toEqual([
    ["limit", [{ labels: {}, value: Infinity }]],
    ["low", [{ labels: {}, value: -Infinity }]],
    ["old", [{ labels: {}, value: 1 }]],
  ]);
});
