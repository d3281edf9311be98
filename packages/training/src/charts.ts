import * as vega from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import { type LabelF1 } from "./judge.ts";
import { type ReliabilityBin } from "./metrics.ts";

/** A bar for each label, best first, as SVG. */
export function labelChart(scores: readonly LabelF1[]): Promise<string> {
  return svg({
    data: { values: scores.map(({ label, f1, positives }) => ({ label, f1, positives })) },
    height: { step: 13 },
    width: 620,
    mark: { type: "bar", color: "#2b6cb0" },
    encoding: {
      y: { field: "label", type: "nominal", sort: "-x", title: null },
      x: { field: "f1", type: "quantitative", title: "F1 on the test split, titles only", scale: { domain: [0, 1] } },
      opacity: {
        field: "positives",
        type: "quantitative",
        scale: { type: "log", range: [0.35, 1] },
        title: "questions",
      },
    },
  });
}

/** Confidence against the share that was right, beside the diagonal of a perfect model, as SVG. */
export function reliabilityChart(bins: readonly ReliabilityBin[]): Promise<string> {
  const diagonal = [0, 1].map((at) => ({ confidence: at, accuracy: at }));
  const axis = { type: "quantitative" as const, scale: { domain: [0, 1] } };
  return svg({
    width: 360,
    height: 360,
    encoding: {
      x: { field: "confidence", title: "confidence", ...axis },
      y: { field: "accuracy", title: "share that was right", ...axis },
    },
    layer: [
      { data: { values: diagonal }, mark: { type: "line", strokeDash: [4, 4], color: "#888" } },
      { data: { values: bins.map((bin) => ({ ...bin })) }, mark: { type: "line", point: true, color: "#2b6cb0" } },
    ],
  });
}

/** Without a canvas, Vega estimates how wide texts are: the same on every machine. */
function svg(spec: TopLevelSpec): Promise<string> {
  return new vega.View(vega.parse(compile(spec).spec), { renderer: "none" }).toSVG();
}
