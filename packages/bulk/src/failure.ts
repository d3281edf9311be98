/** A job that can't be done as it was asked for; the message tells its operator why, and names the object. */
export class BulkFailure extends Error {
  override readonly name = "BulkFailure";
}
