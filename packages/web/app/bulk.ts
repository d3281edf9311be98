import { limits } from "@tagsmith/question-files/limits";
import type { RowFault } from "@tagsmith/question-files/row";
import type { Failure } from "./failure.ts";

export type { RowFault } from "@tagsmith/question-files/row";

/** What a file of many questions is read with. */
export const bulkLimits = {
  rowBytes: limits.rowBytes,
  /** The largest part of a file that is sent at once. It holds a whole row wherever it begins. */
  sliceBytes: 2 ** 21,
  /** What is sent at once while rows are small, so that progress shows. */
  firstSliceBytes: 2 ** 18,
  /** A file that is sent in one piece. */
  fileBytes: 2 ** 28,
  /** Such files that lie on a task's disk at the same time: 4 GiB of its 20. */
  filesAtOnce: 16,
} as const;

/** What came of a part of a file. */
export interface SliceResult {
  /** The part's rows as they stand in the result, the header before the first. */
  readonly text: string;
  readonly rows: number;
  readonly faults: readonly RowFault[];
  /** Where in the part the last of these rows ends; what follows was not read and is to be sent again. */
  readonly consumedBytes: number;
  /** To be sent with the next part, as it is; empty before the first row. */
  readonly cursor: string;
  /** Nothing after the last row can be read; it says why. */
  readonly isBroken: boolean;
  /** The service kept the further rows from their answer: the same may succeed in a moment. */
  readonly failure?: Failure;
}

/** The file as a whole can't be read. */
export interface Refusal {
  readonly refusal: string;
}
