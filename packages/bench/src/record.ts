import type { FigureId, PartName } from "./goals.ts";
import { fitPower, spreadOf, type Point, type Power, type Spread } from "./statistics.ts";
import { perSecond, type LoadResult } from "./wrk.ts";

export interface Figure extends Spread {
  readonly id: FigureId;
  /** What the figure was made of, for people. */
  readonly detail: string;
}

/** One system under one load. */
export interface Throughput {
  readonly load: string;
  readonly system: string;
  readonly perSecond: Spread;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Answers that were errors, and connections that broke. */
  readonly failed: number;
}

export interface Curve extends Power {
  readonly id: FigureId;
  readonly x: string;
  readonly y: string;
  readonly points: readonly Point[];
}

/** What one part has measured, as far as it came. */
export interface PartRecord {
  readonly part: PartName;
  readonly at: string;
  /** Of the minute before, as the system counts it: what else kept the machine busy. */
  readonly loadAverage: number;
  readonly figures: Figure[];
  readonly throughputs: Throughput[];
  readonly curves: Curve[];
  readonly notes: string[];
}

/** Takes what a part measures, so that nothing is lost when it is interrupted. */
export class Recorder {
  readonly record: PartRecord;

  constructor(part: PartName, loadAverage: number) {
    const at = new Date().toISOString();
    this.record = { part, at, loadAverage, figures: [], throughputs: [], curves: [], notes: [] };
  }

  figure(id: FigureId, value: Spread | number, detail = ""): void {
    const spread = typeof value === "number" ? { median: value, least: value, greatest: value } : value;
    this.record.figures.push({ id, ...spread, detail });
  }

  throughput(load: string, system: string, results: readonly LoadResult[]): void {
    const median = (of: (result: LoadResult) => number) => spreadOf(results.map(of)).median;
    this.record.throughputs.push({
      load,
      system,
      perSecond: spreadOf(results.map(perSecond)),
      p50Ms: median(({ p50Ms }) => p50Ms),
      p99Ms: median(({ p99Ms }) => p99Ms),
      failed: results.reduce((sum, { failedAnswers, socketErrors }) => sum + failedAnswers + socketErrors, 0),
    });
  }

  /** A curve, its fitted exponent as a figure. */
  curve(id: FigureId, axes: { x: string; y: string }, points: readonly Point[]): void {
    const power = fitPower(points);
    this.record.curves.push({ id, ...axes, points, ...power });
    const last = points.length > 2 ? fitPower(points.slice(-2)).exponent : power.exponent;
    this.figure(id, power.exponent, `${last.toFixed(2)} between the two largest`);
  }

  note(text: string): void {
    this.record.notes.push(text);
  }
}
