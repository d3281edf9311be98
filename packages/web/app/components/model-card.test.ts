import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { ModelFacts } from "./model-card.tsx";

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
