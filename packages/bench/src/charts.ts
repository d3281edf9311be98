import { svg } from "@tagsmith/training/charts";
import { goalOf, isMet, type FigureId } from "./goals.ts";
import type { Curve, Figure, Throughput } from "./record.ts";

/** Blue and orange that are told apart on white, on black and by the colour-blind. */
const [good, bad] = ["#3b82c4", "#d97706"];

/** How many times better than its goal each ratio is, 1 being the goal itself, on a logarithmic scale. */
export function goalChart(figures: readonly Figure[]): Promise<string> {
  const values = figures.flatMap(({ id, median }) => {
    const goal = goalOf(id);
    const bound = goal.atLeast ?? goal.atMost ?? 0;
    const margin = goal.atLeast === undefined ? bound / median : median / bound;
    // A goal of none, or a figure of none, has no place on a logarithmic scale.
    return Number.isFinite(margin) && margin > 0
      ? [{ name: shortName(id), margin, state: isMet(goal, median) ? "met" : "missed" }]
      : [];
  });
  return themed({
    data: { values },
    width: 520,
    height: { step: 18 },
    layer: [
      {
        mark: { type: "bar", height: 10 },
        encoding: {
          y: { field: "name", type: "nominal", sort: null, title: null },
          x: {
            field: "margin",
            type: "quantitative",
            scale: { type: "log" },
            title: "times better than its goal",
            axis: { format: "~g" },
          },
          x2: { datum: 1 },
          color: {
            field: "state",
            type: "nominal",
            title: null,
            scale: { domain: ["met", "missed"], range: [good, bad] },
          },
        },
      },
      { mark: { type: "rule", color: "#888" }, encoding: { x: { datum: 1 } } },
    ],
  });
}

/** Requests a second of each system under each load, the rounds' spread as a line. */
export function throughputChart(throughputs: readonly Throughput[]): Promise<string> {
  const values = throughputs.map(({ load, system, perSecond }) => ({ name: `${load}: ${system}`, ...perSecond }));
  const y = { field: "name", type: "nominal" as const, sort: null, title: null, axis: { labelLimit: 0 } };
  const scale = { type: "log" as const };
  return themed({
    data: { values },
    width: 420,
    height: { step: 18 },
    layer: [
      {
        mark: { type: "rule", strokeWidth: 2, color: bad },
        encoding: { y, x: { field: "least", type: "quantitative", scale }, x2: { field: "greatest" } },
      },
      {
        mark: { type: "point", filled: true, size: 60, opacity: 1, color: good },
        encoding: { y, x: { field: "median", type: "quantitative", title: "requests/s", scale } },
      },
    ],
  });
}

/** The points of a curve on logarithmic axes, and the power that fits them best. */
export function curveChart({ x, y, points, factor, exponent }: Curve): Promise<string> {
  const ends = [points[0], points.at(-1)].flatMap((point) => point ?? []);
  const fit = ends.map((end) => ({ x: end.x, y: factor * end.x ** exponent }));
  const scale = { type: "log" as const };
  return themed({
    title: { text: `exponent ${exponent.toFixed(2)}`, color: bad, fontWeight: "normal", fontSize: 11 },
    width: 420,
    height: 260,
    encoding: {
      x: { field: "x", type: "quantitative", title: x, scale, axis: { format: "~s" } },
      y: { field: "y", type: "quantitative", title: y, scale, axis: { format: "~s" } },
    },
    layer: [
      { data: { values: fit }, mark: { type: "line", strokeDash: [4, 4], color: bad } },
      { data: { values: [...points] }, mark: { type: "line", point: { color: good }, color: good } },
    ],
  });
}

function shortName(id: FigureId): string {
  return id.replaceAll("_", " ");
}

/** In a page of its own, or as an image of one, an SVG takes no colour from around it: it asks the reader's setting. */
async function themed(spec: Parameters<typeof svg>[0]): Promise<string> {
  const style = "<style>svg{color:#1f2328}@media(prefers-color-scheme:dark){svg{color:#e6edf3}}</style>";
  return (await svg(spec)).replace(/<svg [^>]*>/, (opening) => opening + style);
}
