import { mkdir, readFile, writeFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { curveChart, goalChart, throughputChart } from "./charts.ts";
import { partNames } from "./goals.ts";
import type { PartRecord } from "./record.ts";

/** The latest measurement of each part. */
export interface Report {
  readonly machine: string;
  readonly node: string;
  readonly commit: string;
  readonly questions: string;
  /** Of one load, and how often it was repeated. */
  readonly seconds: number;
  readonly rounds: number;
  readonly parts: readonly PartRecord[];
}

const reportFile = "report.json";

export function describeMachine(): string {
  const [first, ...others] = cpus();
  const model = first?.model.trim() ?? "unknown";
  return `${others.length + 1} × ${model}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ${process.platform}`;
}

/** Parts that were measured now take the place of the earlier ones; each says when that was. */
export function merge(earlier: readonly PartRecord[], now: readonly PartRecord[]): PartRecord[] {
  return partNames.flatMap((name) => [...now, ...earlier].find(({ part }) => part === name) ?? []);
}

/** The parts of the report in a folder; none where there is no report. */
export async function readParts(folder: string): Promise<readonly PartRecord[]> {
  const text = await readFile(join(folder, reportFile), "utf8").catch(() => '{"parts":[]}');
  return (JSON.parse(text) as Report).parts;
}

/** Writes `report.json` and the plots. */
export async function writeReport(folder: string, report: Report): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, reportFile), `${JSON.stringify(report, null, 2)}\n`);
  const figures = report.parts.flatMap((part) => part.figures);
  const throughputs = report.parts.flatMap((part) => part.throughputs);
  const charts = new Map<string, Promise<string>>();
  if (figures.length > 0) charts.set("goals", goalChart(figures));
  if (throughputs.length > 0) charts.set("throughput", throughputChart(throughputs));
  for (const curve of report.parts.flatMap((part) => part.curves)) charts.set(curve.id, curveChart(curve));
  for (const [name, chart] of charts) await writeFile(join(folder, `${name.replace("_", "-")}.svg`), await chart);
}
