import { isBundleError } from "@tagsmith/model-bundle/errors";
import { FEEDBACK_PREFIX, parseFeedback } from "@tagsmith/model-bundle/feedback";
import { versionId } from "@tagsmith/model-bundle/layout";
import type { ModelStore } from "@tagsmith/model-bundle/store";
import { logError } from "../log.ts";

/** What people said of suggested tags on a day: how many fit, how many don't, and how many were missing. */
interface Judged {
  readonly accepted: number;
  readonly rejected: number;
  readonly added: number;
}

export interface JudgedDay extends Judged {
  /** YYYY-MM-DD, in UTC. */
  readonly date: string;
}

/** What was said of each version's tags, by NAME@VERSION. */
export type JudgedVersions = Readonly<Record<string, Judged>>;

interface Answer {
  readonly days: readonly JudgedDay[];
  readonly versions: JudgedVersions;
}

const daysShown = 7;
/** Feedback comes slowly, and each look lists the bucket. */
const keptMs = 30_000;
const parallelReads = 8;
const dayMs = 24 * 60 * 60_000;

/** How often people agree with the model, out of the feedback that the bucket keeps. */
export class Agreement {
  readonly #store: ModelStore;
  readonly #now: () => number;
  /** Of each object that was read: one that is written never changes. */
  readonly #objects = new Map<string, JudgedVersions>();
  #kept: { readonly at: number; readonly answer: Promise<Answer | undefined> } | undefined;

  constructor(store: ModelStore, now = Date.now) {
    this.#store = store;
    this.#now = now;
  }

  /** The last seven days, the oldest first; undefined where the bucket can't be read, which is logged. */
  async read(): Promise<readonly JudgedDay[] | undefined> {
    return (await this.#answer())?.days;
  }

  /** The same days, by the version that gave the tags. */
  async readVersions(): Promise<JudgedVersions | undefined> {
    return (await this.#answer())?.versions;
  }

  #answer(): Promise<Answer | undefined> {
    const at = this.#now();
    if (!this.#kept || at - this.#kept.at >= keptMs) this.#kept = { at, answer: this.#read(at) };
    return this.#kept.answer;
  }

  async #read(at: number): Promise<Answer | undefined> {
    const dates = Array.from({ length: daysShown }, (_, day) => dateOf(at - (daysShown - 1 - day) * dayMs));
    try {
      const keys = await Promise.all(dates.map((date) => this.#keysOf(date)));
      this.#forgetAllBut(new Set(keys.flat()));
      await this.#readNew(keys.flat());
      const judgedOf = (of: readonly string[]) => merge(of.map((key) => this.#objects.get(key) ?? {}));
      const days = dates.map((date, day) => ({ date, ...total(Object.values(judgedOf(keys[day] ?? []))) }));
      return { days, versions: judgedOf(keys.flat()) };
    } catch (error) {
      if (!isBundleError(error)) throw error;
      logError("Feedback could not be read.", error);
      return undefined;
    }
  }

  async #keysOf(date: string): Promise<string[]> {
    const found = [];
    for await (const { key } of this.#store.list(`${FEEDBACK_PREFIX}date=${date}/`)) {
      if (key.endsWith(".jsonl")) found.push(key);
    }
    return found;
  }

  async #readNew(keys: readonly string[]): Promise<void> {
    const unread = keys.filter((key) => !this.#objects.has(key));
    const work = unread[Symbol.iterator]();
    const readNext = async () => {
      for (const key of work) this.#objects.set(key, judge(key, (await this.#store.readText(key)).text));
    };
    await Promise.all(Array.from({ length: parallelReads }, readNext));
  }

  #forgetAllBut(keys: ReadonlySet<string>): void {
    for (const key of this.#objects.keys()) if (!keys.has(key)) this.#objects.delete(key);
  }
}

const nothing: Judged = { accepted: 0, rejected: 0, added: 0 };

function total(all: readonly Judged[]): Judged {
  const add = (sum: Judged, one: Judged): Judged => ({
    accepted: sum.accepted + one.accepted,
    rejected: sum.rejected + one.rejected,
    added: sum.added + one.added,
  });
  return all.reduce(add, nothing);
}

function merge(all: readonly JudgedVersions[]): JudgedVersions {
  const sums: Record<string, Judged> = {};
  for (const [id, judged] of all.flatMap(Object.entries<Judged>)) sums[id] = total([sums[id] ?? nothing, judged]);
  return sums;
}

/** A line that can't be read is logged and left out: the others are no worse for it. */
function judge(key: string, text: string): JudgedVersions {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return merge(
    lines.map((line, index) => {
      try {
        const { model, accepted, rejected, added } = parseFeedback(line, `${key}:${index + 1}`);
        const judged = { accepted: accepted.length, rejected: rejected.length, added: added.length };
        return { [versionId(model)]: judged };
      } catch (error) {
        logError("A line of feedback could not be read.", error);
        return {};
      }
    }),
  );
}

const dateOf = (at: number) => new Date(at).toISOString().slice(0, 10);
