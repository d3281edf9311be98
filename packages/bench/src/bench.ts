import type { Children } from "./children.ts";
import type { Recorder } from "./record.ts";
import type { Questions } from "./questions.ts";
import type { Store } from "./store.ts";

/** What every part works with. */
export interface Bench {
  readonly signal: AbortSignal;
  readonly children: Children;
  /** Temporary files of this run. */
  readonly folder: string;
  readonly store: Store;
  readonly questions: Questions;
  /** The folder of the Python peers; undefined where there is none. */
  readonly peers: string | undefined;
  /** Of each load in each round, and how many rounds. */
  readonly seconds: number;
  readonly rounds: number;
  readonly swaps: number;
  readonly record: Recorder;
  /** Shows what is being done. */
  readonly step: (text: string) => void;
}

/** What it takes to start a system and to load it. */
export type Loading = Pick<Bench, "children" | "folder" | "store" | "questions" | "seconds" | "step">;
