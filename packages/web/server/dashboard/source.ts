import type { Figures } from "../../app/dashboard/figures.ts";

/** Why there are no figures. */
export type Unavailable = "unreachable" | "denied";

export type FiguresResult =
  { readonly ok: true; readonly figures: Figures } | { readonly ok: false; readonly reason: Unavailable };

/** Where the dashboard's figures come from: on one machine from the service itself, on AWS from what all tasks reported. */
export interface DashboardSource {
  /** The figures as they are now. Never throws for what the source does or leaves undone. */
  read(): Promise<FiguresResult>;
  /** Stops what measures in between. */
  close(): void;
}
