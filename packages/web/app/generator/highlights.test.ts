import { expect, it } from "vitest";
import { stretches } from "./highlights.ts";

const text = "Sort a list, then sort it again";

it("a word is marked wherever it stands, and nothing of the text is lost", () => {
  const spans = [
    { field: "title" as const, start: 18, end: 22 },
    { field: "title" as const, start: 0, end: 4 },
    { field: "body" as const, start: 5, end: 9 },
  ];
  const found = stretches(text, "title", [{ text: "Sort", drop: 0.2, spans }]);
  expect(found).toEqual([
    { text: "Sort", drop: 0.2 },
    { text: " a list, then " },
    { text: "sort", drop: 0.2 },
    { text: " it again" },
  ]);
  expect(found.map((stretch) => stretch.text).join("")).toBe(text);
});

it("a word that speaks against the tag is not marked", () => {
  const words = [{ text: "list", drop: -0.1, spans: [{ field: "title" as const, start: 7, end: 11 }] }];
  expect(stretches(text, "title", words)).toEqual([{ text }]);
});

it("words that share characters are marked once", () => {
  const spans = (start: number, end: number) => [{ field: "title" as const, start, end }];
  const words = [
    { text: "Sort a", drop: 0.2, spans: spans(0, 6) },
    { text: "a", drop: 0.1, spans: spans(5, 6) },
  ];
  expect(stretches(text, "title", words)[0]).toEqual({ text: "Sort a", drop: 0.2 });
});

it("an empty text has no stretches", () => {
  expect(stretches("", "body", [])).toEqual([]);
});
