import { expect, test } from "vitest";
import { type Example } from "./dataset.ts";
import { chooseLabels, sharesOf, targetsOf, UNKNOWN, WHOLE } from "./labels.ts";

function example(tags: readonly string[], changes: Partial<Example> = {}): Example {
  const question = { title: "a title", body: "" };
  return { question, tags, tagsComplete: true, split: "train", core: true, source: "test", date: null, ...changes };
}

const cut = example(["python"], { tagsComplete: false });
const modern = example(["python", "reactjs"]);

test("labels are what cutting sources list, then tags with enough unbiased examples", () => {
  const biased = example(["rxjs"], { core: false });
  const held = example(["rust"], { split: "val" });
  const examples = [cut, modern, modern, example(["rare"]), biased, biased, held, held];
  expect(chooseLabels(examples, 2)).toEqual({ labels: ["python", "reactjs"], observedCount: 1 });
});

test("a tag that the source cuts away is unknown, not absent", () => {
  const set = { labels: ["java", "python", "reactjs"], observedCount: 2 };
  expect([...targetsOf([cut, modern], set)]).toEqual([-1, 1, 0, -1, 1, 1]);
});

test("of tags that feedback does not name, nothing is known", () => {
  const set = { labels: ["java", "python", "reactjs"], observedCount: 2 };
  expect([...targetsOf([example(["python"], { rejected: ["java"] })], set)]).toEqual([-1, 1, 0]);
});

test("an opinion is learnt for its share; a tag that it doesn't name is absent", () => {
  const set = { labels: ["java", "python", "reactjs"], observedCount: 2 };
  const doubtful = example([], { confidences: { python: 0.5, rust: 0.9 } });
  expect([...sharesOf([cut, doubtful], set)]).toEqual([0, WHOLE, UNKNOWN, 0, WHOLE / 2, 0]);
});

test("without cutting sources, the most frequent tags are the labels", () => {
  expect(chooseLabels([modern, example(["reactjs"])], 5).labels).toEqual(["python", "reactjs"]);
});
