import { expect, it } from "vitest";
import { type Feedback, feedbackKey, feedbackLine, parseFeedback } from "./feedback.ts";

const given: Feedback = {
  schema_version: 1,
  given_at: "2026-11-25T10:11:12.345Z",
  model: { name: "tiny", version: "1" },
  question_sha256: "0".repeat(64),
  question: { title: "How?", body: "" },
  accepted: ["python"],
  rejected: [],
  added: [],
};

it("a line reads back as what was written", () => {
  expect(feedbackLine(given)).toMatch(/^.*\n$/);
  expect(parseFeedback(feedbackLine(given), "a.jsonl:1")).toEqual(given);
});

it("a text that its writer kept to himself is nowhere", () => {
  const { question, ...rest } = given;
  expect(question).toBeDefined();
  expect(parseFeedback(feedbackLine(rest), "a.jsonl:1")).not.toHaveProperty("question");
});

it.each([
  ["nonsense", /^a\.jsonl:7: not JSON$/],
  [JSON.stringify({ ...given, schema_version: 2 }), /^a\.jsonl:7: schema_version: [^✖→]+$/],
  [JSON.stringify({ ...given, accepted: [""] }), /^a\.jsonl:7: accepted\[0\]: [^✖→]+$/],
])("a line that is none is named with its place and what is wrong: %s", (line, message) => {
  expect(() => parseFeedback(line, "a.jsonl:7")).toThrow(message);
});

it("each day has a folder of its own", () => {
  expect(feedbackKey(new Date("2026-11-25T10:11:12.345Z"), "x")).toBe("feedback/date=2026-11-25/101112345-x.jsonl");
});
