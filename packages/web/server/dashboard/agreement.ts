import { isBundleError } from "@tagsmith/model-bundle/errors";
import { FEEDBACK_PREFIX, parseFeedback } from "@tagsmith/model-bundle/feedback";
import type { ModelStore } from "@tagsmith/model-bundle/store";
import { logError } from "../log.ts";

/** What people said of suggested tags on a day: how many fit, how many don't, and how many were missing. */
export interface Judged {
  readonly accepted: number;
  readonly rejected: number;
  readonly added: number;
}

export interface JudgedDay extends Judged {
  /** YYYY-MM-DD, in UTC. */
  readonly date: string;
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
  readonly #objects = new Map<string, Judged>();
  #kept: { readonly at: number; readonly answer: Promise<readonly JudgedDay[] | undefined> } | undefined;

  constructor(store: ModelStore, now = Date.now) {
    this.#store = store;
    this.#now = now;
  }

  /** The last seven days, the oldest first; undefined where the bucket can't be read, which is logged. */
  read(): Promise<readonly JudgedDay[] | undefined> {
    const at = this.#now();
    if (!this.#kept || at - this.#kept.at >= keptMs) this.#kept = { at, answer: this.#read(at) };
    return this.#kept.answer;
  }

  async #read(at: number): Promise<readonly JudgedDay[] | undefined> {
    const dates = Array.from({ length: daysShown }, (_, day) => dateOf(at - (daysShown - 1 - day) * dayMs));
    try {
      const keys = await Promise.all(dates.map((date) => this.#keysOf(date)));
      this.#forgetAllBut(new Set(keys.flat()));
      await this.#readNew(keys.flat());
      return dates.map((date, day) => ({ date, ...this.#totalOf(keys[day] ?? []) }));
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

  #totalOf(keys: readonly string[]): Judged {
    return total(keys.map((key) => this.#objects.get(key) ?? nothing));
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

/** A line that can't be read is logged and left out: the others are no worse for it. */
function judge(key: string, text: string): Judged {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return total(
    lines.map((line, index) => {
      try {
        const { accepted, rejected, added } = parseFeedback(line, `${key}:${index + 1}`);
        return { accepted: accepted.length, rejected: rejected.length, added: added.length };
      } catch (error) {
        logError("A line of feedback could not be read.", error);
        return nothing;
      }
    }),
  );
}

const dateOf = (at: number) => new Date(at).toISOString().slice(0, 10);
