import type { Figures } from "../../app/dashboard/figures.ts";
import type { TrialFigures } from "../../app/dashboard/trial.ts";

/** Why there are no figures. */
export type Unavailable = "unreachable" | "denied";

type Told<T> = { readonly ok: true; readonly figures: T } | { readonly ok: false; readonly reason: Unavailable };

export type FiguresResult = Told<Figures>;
export type TrialResult = Told<TrialFigures>;

/** Where the dashboard's figures come from: on one machine from the service itself, on AWS from what all tasks reported. */
export interface DashboardSource {
  /** The figures as they are now. Never throws for what the source does or leaves undone. */
  read(): Promise<FiguresResult>;
  /** What was measured of both versions in the trial that began then, in milliseconds since 1970. Likewise. */
  readTrial(startedAt: number): Promise<TrialResult>;
}
