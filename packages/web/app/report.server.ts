import html from "../../training/bundle/report.html?raw";

export interface Chart {
  readonly name: "reliability" | "labels";
  readonly width: number;
  readonly height: number;
}

/** Pages draw a chart by this id. */
const chartId = "chart";

const names = ["reliability", "labels"] as const;

interface ChartFile extends Chart {
  readonly svg: string;
}

/** The training report of the model that this project ships: its two charts, in the order in which it shows them. */
const charts: readonly ChartFile[] = [...html.matchAll(/<svg [^]*?<\/svg>/g)].flatMap(([svg], index) => {
  const name = names[index];
  const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(svg) ?? [];
  return name ? [{ name, width: Number(width), height: Number(height), svg: withId(svg) }] : [];
});

const [, reportedModel = ""] = /<title>(\S+ \S+): report<\/title>/.exec(html) ?? [];

/** The charts that the report has of a model; none of any model but the one that it is about. */
export function chartsOf(model: { readonly name: string; readonly version: string }): readonly Chart[] {
  if (`${model.name} ${model.version}` !== reportedModel) return [];
  return charts.map(({ name, width, height }) => ({ name, width, height }));
}

/** A chart as a file of its own. */
export const chartFile = (name: string): string | undefined => charts.find((chart) => chart.name === name)?.svg;

function withId(svg: string): string {
  return svg.replace("<svg ", `<svg id="${chartId}" `);
}
