import { expect, test } from "vitest";
import { type Example } from "./dataset.ts";
import { periodsOf } from "./periods.ts";

function examples(count: number, source: string, date: string | null): Example[] {
  const question = { title: "a title", body: "" };
  return Array.from({ length: count }, () => ({
    question,
    tags: [],
    tagsComplete: true,
    split: "test",
    core: true,
    source,
    date,
  }));
}

test("questions are told apart by the years they were asked in; too few, or of unknown date, are left out", () => {
  const found = periodsOf([
    ...examples(60, "remla_so_2022", null),
    ...examples(100, "news", "2024-05-06"),
    ...examples(60, "mine", "2022-01-02"),
    ...examples(99, "mine", "2023-01-02"),
    ...examples(200, "unknown", null),
  ]);
  expect(found).toMatchObject([
    { years: "2022", sources: ["mine", "remla_so_2022"] },
    { years: "2024", sources: ["news"] },
  ]);
});
