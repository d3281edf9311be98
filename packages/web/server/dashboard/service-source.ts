import { parseMetrics, type Scrape } from "./prometheus.ts";
import { readingOf, type Reading } from "./reading.ts";
import { figuresOf } from "./service-figures.ts";
import { serviceTrial } from "./service-trial.ts";
import type { DashboardSource, FiguresResult, TrialResult } from "./source.ts";

interface Options {
  /** The service's base address, without a path. */
  readonly url: string;
  /** A reading is kept so often, and one is taken so often while nobody looks. */
  readonly everyMs?: number;
  /** Whether to measure while nobody looks. */
  readonly isMeasuring?: boolean;
  readonly now?: () => number;
}

/** Half an hour, a reading every 10 s. */
const keptReadings = 180;
/** However many look at the page, the service is asked once in that time. */
const freshMs = 1_000;
const refreshMs = 2_000;
const deadlineMs = 3_000;

/** The service's own counters, read again and again: their differences are rates, and percentiles over time. */
export class ServiceSource implements DashboardSource {
  readonly #url: string;
  readonly #everyMs: number;
  readonly #now: () => number;
  readonly #readings: Reading[] = [];
  #asking: { readonly at: number; readonly answer: Promise<FiguresResult> } | undefined;

  constructor({ url, everyMs = 10_000, isMeasuring = false, now = Date.now }: Options) {
    this.#url = `${url}/metrics`;
    this.#everyMs = everyMs;
    this.#now = now;
    if (!isMeasuring) return;
    void this.read(); // what is asked from now on is counted, whenever the first one looks
    setInterval(() => void this.read(), everyMs).unref();
  }

  read(): Promise<FiguresResult> {
    const at = this.#now();
    if (!this.#asking || at - this.#asking.at >= freshMs) this.#asking = { at, answer: this.#ask(at) };
    return this.#asking.answer;
  }

  async readTrial(startedAt: number): Promise<TrialResult> {
    const scrape = await this.#scrape();
    if (!scrape) return { ok: false, reason: "unreachable" };
    const since = new Date(startedAt).toISOString();
    return { ok: true, figures: serviceTrial(scrape, { since, refreshMs }) };
  }

  async #ask(at: number): Promise<FiguresResult> {
    const scrape = await this.#scrape();
    if (!scrape) return { ok: false, reason: "unreachable" };
    this.#keep(readingOf(scrape, at));
    const figures = figuresOf(this.#readings, refreshMs);
    return figures ? { ok: true, figures } : { ok: false, reason: "unreachable" };
  }

  async #scrape(): Promise<Scrape | undefined> {
    try {
      const response = await fetch(this.#url, { signal: AbortSignal.timeout(deadlineMs) });
      const text = await response.text();
      return response.ok ? parseMetrics(text) : undefined;
    } catch {
      return undefined;
    }
  }

  /** The newest reading moves on until it is old enough to stay; figures of shorter times would be noise. */
  #keep(reading: Reading): void {
    const lasting = this.#readings.at(-2);
    if (lasting && reading.at - lasting.at < this.#everyMs) this.#readings.pop();
    this.#readings.push(reading);
    if (this.#readings.length > keptReadings) this.#readings.shift();
  }
}
