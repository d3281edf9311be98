/** There is no Docker engine, and none is to be made here; the message tells why. */
export class NoEngine extends Error {
  override readonly name = "NoEngine";
}
