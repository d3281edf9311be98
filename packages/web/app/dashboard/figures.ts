/** What the service did over a while, wherever that was measured. */
export interface Figures {
  readonly origin: "service" | "cloudwatch";
  /** When the newest of it was measured, in milliseconds since 1970. */
  readonly at: number;
  /** How soon there can be anything new. */
  readonly refreshMs: number;
  /** What the counts are of. */
  readonly windowMinutes: number;
  /** Oldest first. */
  readonly moments: readonly Moment[];
  /** Requests by status, of the API alone: balancers and monitors ask too, and say nothing of users. */
  readonly statuses: readonly Count[];
  /** Absent where nobody measures it. */
  readonly queue?: Queue | undefined;
  /** Tags given, the most frequent first. */
  readonly tags: readonly Count[];
  /** Absent where nobody measures it. */
  readonly confidence?: Drift | undefined;
  /** Share of the tasks' processor and memory that is used, from 0 to 1. */
  readonly load?: { readonly cpu?: number | undefined; readonly memory?: number | undefined } | undefined;
}

/** Rates are per second, times in milliseconds; a time is absent where nothing was asked. */
export interface Moment {
  readonly at: number;
  readonly requests: number;
  /** Those that the service answered with 5xx. */
  readonly errors: number;
  readonly p50?: number | undefined;
  readonly p95?: number | undefined;
  readonly p99?: number | undefined;
  /** Requests that waited for the model then. */
  readonly waiting?: number | undefined;
}

export interface Count {
  readonly name: string;
  readonly count: number;
}

export interface Queue {
  /** Requests that wait for the model. */
  readonly waiting: number;
  /** Requests being answered, those included; absent where nobody measures it. */
  readonly inFlight?: number | undefined;
}

/** How sure the model is of its first guess: answers in each of ten bands, the least sure first. */
export interface Drift {
  readonly now: readonly number[];
  readonly before: readonly number[];
  /** What `before` is, as "the hour before". */
  readonly since: string;
  /** The share of answers that are in other bands than before, from 0 to 1; absent with too few to tell. */
  readonly moved?: number | undefined;
}

/** With fewer answers chance alone moves that many. */
const enoughAnswers = 50;

/** The bands of `tagsmith_answers_total`, as the service names them. */
export const bands = Array.from({ length: 10 }, (_, band) => `${band * 10}-${(band + 1) * 10}`);

/** Compares two windows by the total variation distance: half of what all bands' shares differ by. */
export function drift(now: readonly number[], before: readonly number[], since: string): Drift {
  const [nowTotal, beforeTotal] = [sum(now), sum(before)];
  if (nowTotal < enoughAnswers || beforeTotal < enoughAnswers) return { now, before, since };
  const differences = now.map((count, band) => Math.abs(count / nowTotal - (before[band] ?? 0) / beforeTotal));
  return { now, before, since, moved: sum(differences) / 2 };
}

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** The most frequent first, those that never were left out. */
export function ranked(counts: Iterable<readonly [name: string, count: number]>): Count[] {
  return [...counts]
    .map(([name, count]) => ({ name, count }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count || a.name.localeCompare(b.name));
}
