import * as vega from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import { type LabelF1 } from "./judge.ts";
import { type ReliabilityBin } from "./metrics.ts";

/** Blue and orange that are told apart on white, on black and by the colour-blind. */
const colours = ["#3b82c4", "#d97706"] as const;

/** A bar for each label, best first, as SVG. */
export function labelChart(scores: readonly LabelF1[]): Promise<string> {
  return svg({
    data: { values: scores.map(({ label, f1, positives }) => ({ label, f1, positives })) },
    height: { step: 15 },
    width: 620,
    mark: { type: "bar", color: colours[0] },
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

/** Confidence against the share that was right, a line for each name, beside the diagonal of a perfect model, as SVG. */
export function reliabilityChart(curves: Readonly<Record<string, readonly ReliabilityBin[]>>): Promise<string> {
  const diagonal = [0, 1].map((at) => ({ confidence: at, accuracy: at }));
  const points = Object.entries(curves).flatMap(([name, bins]) => bins.map((bin) => ({ ...bin, name })));
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
      {
        data: { values: points },
        mark: { type: "line", point: true },
        encoding: {
          color: { field: "name", type: "nominal", sort: null, title: null, scale: { range: [...colours] } },
        },
      },
    ],
  });
}

/**
 * Texts and lines take the page's colour, light or dark. Without a canvas, Vega estimates how wide texts are: the same on
 * every machine.
 */
export function svg(spec: TopLevelSpec): Promise<string> {
  const ink = "currentColor";
  const config = {
    background: "transparent",
    view: { stroke: null },
    axis: { labelColor: ink, titleColor: ink, tickColor: ink, domainColor: ink, gridColor: ink, gridOpacity: 0.15 },
    legend: { labelColor: ink, titleColor: ink },
  };
  return new vega.View(vega.parse(compile({ ...spec, config }).spec), { renderer: "none" }).toSVG();
}
