import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { shownLabels } from "../shown-labels.ts";
import { Labels, ModelFacts } from "./model-card.tsx";

it("what nobody has told of a model is said to be missing, and is no empty line", () => {
  const model = {
    name: "my-tags",
    version: "1.0.0",
    description: "",
    training_data: "",
    licence: "",
    created_at: "2026-01-02T03:04:05Z",
    manifest_sha256: "0".repeat(64),
    input_kind: "text",
  } as const;
  const card = renderToStaticMarkup(createElement(ModelFacts, { model }));
  expect(card).toContain('<dt class="text-muted">Licence</dt><dd>Not given</dd>');
  expect(card).not.toContain("<dd></dd>");
});

const listOf = (count: number) => {
  const labels = Array.from({ length: count }, (_, index) => `tag-${index}`);
  return renderToStaticMarkup(createElement(Labels, shownLabels({ labels, thresholds: labels.map(() => 0.5) })));
};

it("a model of very many tags is shown by the first of them, which the page says", () => {
  const list = listOf(100_000);
  expect(list.match(/<li/g)).toHaveLength(1_000);
  expect(list).toContain("These are the first 1,000 of 100,000.");
});

it("all tags of another model are shown", () => {
  const list = listOf(1_000);
  expect(list.match(/<li/g)).toHaveLength(1_000);
  expect(list).not.toContain("These are the first");
});
