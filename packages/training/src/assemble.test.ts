import { expect, test } from "vitest";
import { draftBundle } from "./assemble.ts";
import { type Example } from "./dataset.ts";

const dated = (date: string | null): Example => ({
  ...{ question: { title: "a", body: "" }, tags: ["x"], tagsComplete: true, split: "train", core: true },
  ...{ source: "data", date },
});

test("a bundle is as old as its newest question, and what is no date counts as none", async () => {
  const dates = ["2024-02-29T10:00:00Z", null, "2024-13-01", "2023-05-01", "2025-02-30", "yesterday", "0000-00-00"];
  const card = {
    set: { labels: ["x"], observedCount: 1 },
    version: "1",
    unlabelledDiscount: 0,
    isLarge: false,
    isBag: false,
  };
  const written = { folder: "nowhere", files: [] };
  const { manifest } = await draftBundle({ ...card, examples: dates.map(dated) }, written);
  expect(manifest.created_at).toBe("2024-02-29T00:00:00Z");
  expect(manifest.training_data).toContain("7 questions of 2023 to 2024, ");
  const unknown = await draftBundle({ ...card, examples: [dated("0000-00-00")] }, written);
  expect(unknown.manifest.created_at).toBe("1970-01-01T00:00:00Z");
});
