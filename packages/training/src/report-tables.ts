import { type Metrics } from "@tagsmith/model-bundle/manifest";
import { type Row } from "./judge.ts";

const columns: Readonly<Record<string, string>> = {
  questions: "Questions",
  weighted_f1: "Weighted F1",
  micro_f1: "Micro F1",
  coverage: "Coverage",
  calibration_error: "Calibration error",
};

/** The scores of each part of the test split, with the shipped thresholds. */
export function scoreTable(rows: readonly Row[], metrics: Metrics): string {
  const body = rows.map(({ metric, name, sources }) => {
    const of = sources.length > 0 ? `<small>${escape(sources.join(", "))}</small>` : "";
    return [`${escape(name)}${of}`, ...Object.keys(columns).map((column) => withMargin(metrics, [metric, column]))];
  });
  return table(["", ...Object.values(columns)], body);
}

/** The scores with thresholds that favour the one or the other F1. */
export function otherTable(metrics: Metrics): string {
  const modesInWords = { best_for_weighted_f1: "Best for weighted F1", best_for_micro_f1: "Best for micro F1" };
  const views = ["titles", "bodies"] as const;
  const body = Object.entries(modesInWords).map(([mode, name]) => [
    name,
    ...views.flatMap((view) =>
      ["weighted_f1", "micro_f1"].map((score) => withMargin(metrics, ["other_thresholds", mode, view, score])),
    ),
  ]);
  return table(["", "Titles: weighted F1", "micro F1", "With bodies: weighted F1", "micro F1"], body);
}

/** How right the most confident tag is, of how many questions. */
export function surenessTable(metrics: Metrics): string {
  const { sureness } = metrics;
  const ofTitles = typeof sureness === "object" ? sureness.titles : undefined;
  if (typeof ofTitles !== "object") return "";
  const cells = Object.keys(ofTitles).map((row) => [
    row.replaceAll("_", " ").replace(" percent", " % confident"),
    ...["titles", "bodies"].flatMap((view) =>
      ["coverage", "best_tag_right"].map((column) => figure(metrics, ["sureness", view, row, column])),
    ),
  ]);
  return table(["", "Titles: share", "best tag right", "With bodies: share", "best tag right"], cells);
}

/** How far confidences and accuracy lie apart. */
export function calibrationTable({ calibration_error: errors }: Metrics): string {
  if (typeof errors !== "object") return "";
  const measures = { above_10_percent: "Confidences above 10 %", at_all_confidences: "All confidences" };
  const columns = ["validation_titles", "validation_bodies", "test_titles", "test_bodies"];
  const body = Object.entries(measures).map(([measure, name]) => [
    name,
    ...columns.map((column) => figure(errors, [measure, column])),
  ]);
  return table(["Calibration error", "Validation: titles", "with bodies", "Test: titles", "with bodies"], body);
}

/** Cells are HTML; the first of each row is its heading. */
function table(head: readonly string[], body: readonly (readonly string[])[]): string {
  const headings = head.map((text) => `<th scope="col">${text}</th>`).join("");
  const rows = body.map(([name, ...cells]) => {
    const values = cells.map((text) => `<td>${text}</td>`).join("");
    return `<tr><th scope="row">${name ?? ""}</th>${values}</tr>`;
  });
  return `<div class="table"><table>\n<thead><tr>${headings}</tr></thead>\n<tbody>\n${rows.join("\n")}\n</tbody>\n</table></div>`;
}

/** The figure at a path of the metrics: a count of questions, or three decimals. */
function figure(metrics: Metrics, path: readonly string[]): string {
  const value = path.reduce<Metrics | number | undefined>(
    (node, step) => (typeof node === "object" ? node[step] : undefined),
    metrics,
  );
  if (typeof value !== "number") return "";
  const digits = path.at(-1) === "questions" ? 0 : 3;
  return value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** The figure with half its interval, where there is one. */
function withMargin(metrics: Metrics, path: readonly string[]): string {
  const margin = figure(metrics, [...path.slice(0, -1), `${path.at(-1) ?? ""}_margin`]);
  return figure(metrics, path) + (margin === "" ? "" : ` <small>± ${margin}</small>`);
}

/** A text as HTML shows it. */
export function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
