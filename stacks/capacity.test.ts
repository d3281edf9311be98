import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { at, type Synthesis, synthesise } from "./test/synth.ts";

interface Point {
  readonly service: string;
  readonly cpus: number;
  readonly perSecond: number;
}

/** What `npm run bench:capacity` measured last. */
const { points } = JSON.parse(readFileSync("bench/capacity.json", "utf8")) as { points: Point[] };

it.each([
  ["prod", "Inference"],
  ["prod", "Web"],
  ["other", "Inference"],
  ["other", "Web"],
])("%s, %s: more tasks are started at half of what one was measured to do", async (stage, name) => {
  const app = await synthesise(stage);
  const cpus = Number(at(app.one("ECS::TaskDefinition", name), "Cpu")) / 1024;
  const measured = points.find((point) => point.service === name.toLowerCase() && point.cpus === cpus);
  const target = requestTarget(app, name) / 60 / (measured?.perSecond ?? Number.NaN);
  expect(target).toBeLessThanOrEqual(0.5);
  expect(target).toBeGreaterThan(0.4);
});

/** Requests a minute for each task. */
function requestTarget(app: Synthesis, name: string): number {
  const [policy] = app
    .all("ApplicationAutoScaling::ScalingPolicy", name)
    .map(({ Properties }) => Properties["TargetTrackingScalingPolicyConfiguration"] as Record<string, unknown>)
    .filter((config) => JSON.stringify(config).includes("ALBRequestCountPerTarget"));
  return Number(policy?.["TargetValue"]);
}
