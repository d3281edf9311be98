import { createPredictor } from "@tagsmith/model-bundle/predictor";
import { constantModel } from "@tagsmith/model-bundle/test/onnx-model";
import { tinyBundle } from "@tagsmith/model-bundle/test/tiny-bundle";
import { expect, it } from "vitest";
import type { Example } from "../dataset.ts";
import { decide } from "./shared-labels.ts";

it("a probability at its threshold, such as 0.9, is a tag, as the service answers it", async () => {
  const labels = ["python", "javascript"];
  const bundle = await tinyBundle({ labels, extraFiles: new Map([["model.onnx", constantModel([0.9, 0.8])]]) });
  const predictor = await createPredictor({ ...bundle, manifest: { ...bundle.manifest, thresholds: [0.9, 0.9] } });
  const question = { title: "Sort a list", body: "" };
  const told = { tagsComplete: true, split: "test", core: true, source: "data", date: null } as const;
  const examples: Example[] = [{ question, tags: ["python"], ...told }];
  expect((await decide(predictor, examples, { labels, observedCount: 2 })).tags).toEqual([["python"]]);
  await predictor.close();
});
