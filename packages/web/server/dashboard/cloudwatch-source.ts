import { CloudWatchClient, paginateGetMetricData, type MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import { cloudWatchFigures, type Series } from "./cloudwatch-figures.ts";
import { answerQueries, momentQueries, type MetricNames } from "./cloudwatch-queries.ts";
import { cloudWatchTrial, trialQueries, trialSpan } from "./cloudwatch-trial.ts";
import type { DashboardSource, FiguresResult, TrialResult, Unavailable } from "./source.ts";
import { logError } from "../log.ts";

interface Options {
  readonly names: MetricNames;
  readonly client?: CloudWatchClient;
  readonly now?: () => number;
}

/** CloudWatch counts by the minute, and a thousand metrics that are asked for cost a cent: no page asks more often. */
const keptMs = 60_000;
const hourMs = 60 * 60_000;
const requestDeadlineMs = 10_000;

/** What CloudWatch knows of all tasks together. */
export class CloudWatchSource implements DashboardSource {
  readonly #names: MetricNames;
  readonly #client: CloudWatchClient;
  readonly #now: () => number;
  #kept: { readonly at: number; readonly answer: Promise<FiguresResult> } | undefined;
  #keptTrial: { readonly at: number; readonly startedAt: number; readonly answer: Promise<TrialResult> } | undefined;

  constructor({ names, client = new CloudWatchClient({}), now = Date.now }: Options) {
    this.#names = names;
    this.#client = client;
    this.#now = now;
  }

  read(): Promise<FiguresResult> {
    const at = this.#now();
    if (!this.#kept || at - this.#kept.at >= keptMs) this.#kept = { at, answer: this.#ask(at) };
    return this.#kept.answer;
  }

  readTrial(startedAt: number): Promise<TrialResult> {
    const at = this.#now();
    if (this.#keptTrial?.startedAt !== startedAt || at - this.#keptTrial.at >= keptMs) {
      this.#keptTrial = { at, startedAt, answer: this.#askTrial(startedAt, at) };
    }
    return this.#keptTrial.answer;
  }

  async #ask(at: number): Promise<FiguresResult> {
    try {
      const [moments, answers] = await Promise.all([
        this.#fetch(momentQueries(this.#names), { from: at - hourMs, to: at }),
        this.#fetch(answerQueries(this.#names), { from: at - 25 * hourMs, to: at }),
      ]);
      return { ok: true, figures: cloudWatchFigures({ moments, answers }, { at, refreshMs: keptMs }) };
    } catch (error) {
      this.#kept = undefined;
      return { ok: false, reason: reasonOf(error) };
    }
  }

  async #askTrial(startedAt: number, at: number): Promise<TrialResult> {
    try {
      const { from, periodSeconds } = trialSpan(startedAt, at);
      const isTooEarly = periodSeconds <= 0;
      const series = isTooEarly ? [] : await this.#fetch(trialQueries(this.#names, periodSeconds), { from, to: at });
      return { ok: true, figures: cloudWatchTrial(series, { from, refreshMs: keptMs }) };
    } catch (error) {
      this.#keptTrial = undefined;
      return { ok: false, reason: reasonOf(error) };
    }
  }

  async #fetch(queries: MetricDataQuery[], { from, to }: { from: number; to: number }): Promise<Series[]> {
    const input = {
      MetricDataQueries: queries,
      StartTime: new Date(from),
      EndTime: new Date(to),
      ScanBy: "TimestampAscending" as const,
    };
    const options = { abortSignal: AbortSignal.timeout(requestDeadlineMs) };
    const found = new Map<string, Series>();
    for await (const { MetricDataResults = [] } of paginateGetMetricData({ client: this.#client }, input, options)) {
      for (const { Id = "", Label = "", Timestamps = [], Values = [] } of MetricDataResults) {
        const points = Timestamps.map((time, index) => ({ at: time.getTime(), value: Values[index] ?? 0 }));
        const before = found.get(`${Id} ${Label}`)?.points ?? [];
        found.set(`${Id} ${Label}`, { id: Id, label: Label, points: [...before, ...points] });
      }
    }
    return [...found.values()];
  }
}

function reasonOf(error: unknown): Unavailable {
  logError("CloudWatch told no figures.", error);
  return error instanceof Error && /denied|authorized|credential/i.test(error.name) ? "denied" : "unreachable";
}
