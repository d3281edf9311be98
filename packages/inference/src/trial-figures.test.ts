import { Registry } from "prom-client";
import { expect, it } from "vitest";
import { TrialFigures } from "./trial-figures.ts";

const version = { name: "tags", version: "2" };
const terms = { mode: "canary", share: 0.1 } as const;

function begun() {
  const registry = new Registry();
  const figures = new TrialFigures(registry);
  figures.begin(version, terms);
  const lines = async () => (await registry.metrics()).split("\n").filter((line) => !/^#|_bucket|^$/.test(line));
  return { figures, lines };
}

it("a batch counts as one request, its time by the question, and how sure its first answer is of its surest label", async () => {
  const { figures, lines } = begun();
  figures.answered("candidate", 3, [Float32Array.of(0.25, 0.75), Float32Array.of(1, 0)]);
  expect(await lines()).toEqual(
    expect.arrayContaining([
      'tagsmith_trial_share{name="tags",version="2",mode="canary"} 0.1',
      'tagsmith_trial_requests_total{role="candidate",outcome="answered"} 1',
      'tagsmith_trial_question_seconds_sum{role="candidate"} 1.5',
      'tagsmith_trial_confidence_sum{role="candidate"} 0.75',
    ]),
  );
});

it("nothing is left of an earlier trial, or of the same one under other terms", async () => {
  const { figures, lines } = begun();
  figures.answered("current", 1, [Float32Array.of(1)]);
  figures.failed("candidate");
  figures.busy();
  figures.dropped();
  figures.compared({ sameTags: 1, sameFirst: 1, overlap: 1, difference: 0 });
  figures.begin(version, { ...terms, share: 0.5 });
  const fresh = begun();
  fresh.figures.begin(version, { ...terms, share: 0.5 });
  expect(await lines()).toEqual(await fresh.lines());
  figures.end();
  expect(await lines()).toEqual([]);
});
