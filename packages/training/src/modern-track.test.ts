import { expect, test } from "vitest";
import { type Example } from "./dataset.ts";
import { measure } from "./measure.ts";
import { modernTrack } from "./modern-track.ts";

function example(tags: readonly string[], changes: Partial<Example> = {}): Example {
  const question = { title: "a title", body: "" };
  return { question, tags, tagsComplete: true, split: "train", core: true, source: "test", date: null, ...changes };
}

test("newer tags are judged where sources keep all tags, and one that the model doesn't know counts against it", () => {
  const examples = [example(["reactjs"]), example(["python", "rust"]), example(["python"], { tagsComplete: false })];
  const { scored, yardstick } = modernTrack(examples, {
    examples,
    scored: { probabilities: Float32Array.of(0.1, 0.9, 0.8, 0.2, 0.9, 0.9), targets: new Int8Array(6), labels: 2 },
    thresholds: [0.5, 0.5],
    set: { labels: ["python", "reactjs"], observedCount: 1 },
  });
  expect(measure(scored, yardstick)).toMatchObject({ micro_f1: 0.8, questions: 2 });
});
