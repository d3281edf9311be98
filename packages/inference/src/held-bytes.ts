import type { ServerResponse } from "node:http";
import { ServiceError } from "./errors.ts";
import { limits } from "./limits.ts";

/** Told what a body takes whenever it has grown. Throws `ServiceError` overloaded where there is no room for it. */
export type Hold = (bytes: number) => void;

let heldBytes = 0;

/** Counts what one request's body takes, until its answer has gone. */
export function holderOf(response: ServerResponse): Hold {
  let own = 0;
  return (bytes) => {
    if (bytes <= limits.uncountedBytes || bytes <= own || response.destroyed) return;
    if (heldBytes + bytes - own > limits.heldBytes) {
      const message = "Too many large requests at once; try again shortly.";
      throw new ServiceError("overloaded", message, { retryAfterSeconds: 1 });
    }
    if (own === 0) response.once("close", () => (heldBytes -= own));
    heldBytes += bytes - own;
    own = bytes;
  };
}
