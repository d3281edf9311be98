import type { RowFault } from "./bulk.ts";
import type { Failure } from "./failure.ts";

/** How far a file is. */
export interface UploadProgress {
  readonly isRunning: boolean;
  readonly rows: number;
  /** Of the file's bytes, from 0 to 1. */
  readonly share: number;
  /** The first faults; `faultCount` counts all. */
  readonly faults: readonly RowFault[];
  readonly faultCount: number;
  /** While the service or the way to it is down: nothing is lost, the next try goes on where the last answer ended. */
  readonly waiting?: { readonly failure: Failure; readonly inSeconds: number } | undefined;
  /** What came of all that was read, once nothing more comes. */
  readonly result?: { readonly url: string; readonly isWhole: boolean } | undefined;
  readonly refusal?: string | undefined;
}
