import { expect, it } from "vitest";
import { questionText } from "./question-text.ts";

const question = {
  title: "Sort a List in Python",
  body: "<p>Why does Sorted fail &amp; how?</p>\n<pre><code>sorted(Xs)</code></pre>",
};

it("joins the fields in the order that they are named in", () => {
  expect(questionText(question, ["title", "body"])).toBe(
    "Sort a List in Python\nWhy does Sorted fail & how?\nsorted(Xs)",
  );
  expect(questionText(question, ["body", "title"], " | ")).toMatch(/^Why does .* \| Sort a List in Python$/s);
});

it("tells a body's prose from its code, folded as the features are", () => {
  expect(questionText(question, ["title", "prose", "code"], " [SEP] ")).toBe(
    "Sort a List in Python [SEP] why does sorted fail & how? [SEP] sorted(xs)",
  );
});
