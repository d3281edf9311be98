import { expect, test } from "vitest";
import { type Example } from "./dataset.ts";
import { measure } from "./measure.ts";
import { modernTrack } from "./modern-track.ts";

function example(tags: readonly string[], changes: Partial<Example> = {}): Example {
  const question = { title: "a title", body: "" };
  return { question, tags, tagsComplete: true, split: "train", core: true, source: "test", date: null, ...changes };
}

const answered = {
  scored: { probabilities: new Float32Array(2), targets: new Int8Array(2), labels: 1 },
  thresholds: [0.5],
  set: { labels: ["python"], observedCount: 1 },
};

test.each([true, false])(
  "nothing is judged apart where of every question's tags it is %s that they are complete",
  (all) => {
    const examples = [example(["python"], { tagsComplete: all }), example(["python"], { tagsComplete: all })];
    expect(modernTrack(examples, { examples, ...answered })).toBeUndefined();
  },
);

test("newer tags are judged where sources keep all tags, and one that the model doesn't know counts against it", () => {
  const examples = [example(["reactjs"]), example(["python", "rust"]), example(["python"], { tagsComplete: false })];
  const track = modernTrack(examples, {
    examples,
    scored: { probabilities: Float32Array.of(0.1, 0.9, 0.8, 0.2, 0.9, 0.9), targets: new Int8Array(6), labels: 2 },
    thresholds: [0.5, 0.5],
    set: { labels: ["python", "reactjs"], observedCount: 1 },
  });
  expect(track && measure(track.scored, track.yardstick)).toMatchObject({ micro_f1: 0.8, questions: 2 });
});
