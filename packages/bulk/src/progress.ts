import type { Terminal } from "@tagsmith/model-bundle/terminal";
import { counted, grouped } from "@tagsmith/question-files/question";
import type { Job } from "./job.ts";
import { rowsOf, type Plan } from "./plan.ts";
import { doneShards } from "./queue.ts";

interface Point {
  readonly rows: number;
  readonly ms: number;
}

/** Shows how far a job is, from the shards that are done in the store: whoever does them, and wherever. */
export class Progress {
  readonly #job: Job;
  readonly #terminal: Terminal;
  #begin: Point | undefined;
  #saidTenths = 0;
  /** What stands in the terminal's line that is drawn over. */
  #drawn = "";

  constructor(job: Job, terminal: Terminal) {
    this.#job = job;
    this.#terminal = terminal;
  }

  async show(plan: Plan): Promise<void> {
    const total = rowsOf(plan);
    const shards = [...(await doneShards(this.#job))].flatMap((shard) => plan.shards[shard] ?? []);
    const rows = rowsOf({ shards });
    const now = { rows, ms: performance.now() };
    this.#begin ??= now;
    const share = total === 0 ? 1 : rows / total;
    const text = `${Math.floor(100 * share)} %, ${grouped(rows)} of ${counted(total, "row")}${paceOf(this.#begin, now, total)}`;
    const { redraw, err } = this.#terminal;
    if (redraw) redraw((this.#drawn = text));
    else if (Math.floor(10 * share) > this.#saidTenths) {
      this.#saidTenths = Math.floor(10 * share);
      err(text);
    }
  }

  /** Whatever is said next stands in a line of its own. */
  end(): void {
    if (this.#drawn) this.#terminal.redraw?.(`${this.#drawn}\n`);
  }
}

function paceOf(begin: Point, now: Point, total: number): string {
  const perSecond = (1_000 * (now.rows - begin.rows)) / (now.ms - begin.ms);
  if (!(perSecond > 0)) return "";
  const seconds = Math.ceil((total - now.rows) / perSecond);
  const left = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `, ${grouped(Math.round(perSecond))} a second, ${left.map((part) => String(part).padStart(2, "0")).join(":")} left`;
}
