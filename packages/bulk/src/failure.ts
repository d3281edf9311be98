/** A job that can't be done as it was asked for; the message tells its operator why, and names the object. */
export class BulkFailure extends Error {
  override readonly name = "BulkFailure";
}

/** What a task ends with where it would fail again: by that number bulk-machine.ts knows that it need not be tried again. */
export const refusedCode = 65;
