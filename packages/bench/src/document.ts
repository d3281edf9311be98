import { goalOf, goals, isMet, type FigureId, type Goal } from "./goals.ts";
import type { Curve, Figure, PartRecord, Throughput } from "./record.ts";
import type { Report } from "./report.ts";

/** The tables of a report, as Markdown: ratios first, each beside its goal. */
export function tables(report: Report): Record<"figures" | "throughput" | "growth" | "run", string> {
  const { parts } = report;
  return {
    run: describeRun(report),
    figures: figureTable(parts.flatMap(({ figures }) => figures)),
    throughput: throughputTable(parts.flatMap(({ throughputs }) => throughputs)),
    growth: growthTable(parts.flatMap(({ curves }) => curves)),
  };
}

/**
 * Puts each table between its markers, `<!-- bench:NAME -->` and `<!-- /bench:NAME -->`.
 * @throws {Error} that names the markers that are missing
 */
export function fillDocument(text: string, filling: Readonly<Record<string, string>>): string {
  return Object.entries(filling).reduce((filled, [name, table]) => {
    const [begin, end] = [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`];
    const [from, to] = [filled.indexOf(begin), filled.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`The document lacks ${begin} … ${end}.`);
    return `${filled.slice(0, from + begin.length)}\n\n${table}\n\n${filled.slice(to)}`;
  }, text);
}

/** A row for every goal there is, also where nothing was measured. */
export function figureTable(figures: readonly Figure[]): string {
  const rows = (Object.keys(goals) as FigureId[]).map((id) => {
    const goal = goalOf(id);
    const figure = figures.find((one) => one.id === id);
    if (!figure) return [goal.figure, "not measured", bound(goal), "", ""];
    return [
      goal.figure,
      measured(goal, figure),
      bound(goal),
      isMet(goal, figure.median) ? "yes" : "**no**",
      figure.detail,
    ];
  });
  return markdown(["Figure", "Measured (spread)", "Goal", "Met", "Side by side"], rows);
}

function throughputTable(throughputs: readonly Throughput[]): string {
  const rows = throughputs.map(({ load, system, perSecond, p50Ms, p99Ms, failed }) => [
    load,
    system,
    `${perSecond.median.toFixed(0)} (${perSecond.least.toFixed(0)}–${perSecond.greatest.toFixed(0)})`,
    p50Ms.toFixed(2),
    p99Ms.toFixed(2),
    String(failed),
  ]);
  return markdown(["Load", "System", "requests/s", "p50 ms", "p99 ms", "failed"], rows);
}

function growthTable(curves: readonly Curve[]): string {
  const rows = curves.map(({ x, y, exponent, points }) => [
    `${y} against ${x}`,
    exponent.toFixed(2),
    points.map((point) => `${point.x.toLocaleString("en")}: ${significant(point.y)}`).join(", "),
  ]);
  return markdown(["Cost", "Exponent", "Points"], rows);
}

function describeRun({ machine, node, commit, questions, seconds, rounds, parts }: Report): string {
  const times = parts.map(({ part, at, loadAverage }) => `${part} ${at.slice(0, 16).replace("T", " ")} (load ${loadAverage.toFixed(1)})`); // prettier-ignore
  const notes = parts.flatMap((part) => part.notes.map((note) => `- ${part.part}: ${note}`));
  return [
    `${machine}; Node ${node}; commit ${commit}. Load: ${questions}; ${rounds} rounds of ${seconds} s each. Measured, with the load that`,
    `the machine had the minute before: ${times.join(", ")}.`,
    ...(notes.length > 0 ? ["", ...notes] : []),
  ].join("\n");
}

function measured({ unit }: Goal, { median, least, greatest }: Figure): string {
  const spread = least === greatest ? "" : ` (${significant(least)}–${significant(greatest)})`;
  return `${withUnit(significant(median), unit)}${spread}`;
}

function bound({ atLeast, atMost, unit }: Goal): string {
  return atLeast === undefined ? `≤ ${withUnit(String(atMost), unit)}` : `≥ ${withUnit(String(atLeast), unit)}`;
}

function withUnit(number: string, unit: Goal["unit"]): string {
  return unit === "" || unit === "exponent" ? number : `${number} ${unit}`;
}

/** Three digits, and no more behind the point than say something. */
export function significant(value: number): string {
  if (Math.abs(value) >= 1_000) return Math.round(value).toLocaleString("en");
  return String(Number(value.toPrecision(3)));
}

/** A table. */
export function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** What a part that has just ended measured, for the terminal. */
export function lines({ figures, notes }: PartRecord): string[] {
  return [
    ...figures.map((figure) => {
      const goal = goalOf(figure.id);
      const state = isMet(goal, figure.median) ? "met" : "MISSED";
      return `  ${measured(goal, figure).padEnd(26)} ${bound(goal).padEnd(10)} ${state.padEnd(7)} ${goal.figure}${figure.detail && `: ${figure.detail}`}`;
    }),
    ...notes.map((note) => `  note: ${note}`),
  ];
}
