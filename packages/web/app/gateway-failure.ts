import type { Failure } from "./failure.ts";

/** The firewall doesn't say for how long it refuses. */
const firewallSeconds = 30;

/** What it means that something else answers in this site's place: a gateway, or the firewall that counts requests. */
export function gatewayFailure({ status, headers }: Response): Failure {
  if (status === 429) {
    return { kind: "overloaded", retryAfterSeconds: Number(headers.get("retry-after")) || firewallSeconds };
  }
  return { kind: [502, 503, 504].includes(status) ? "unreachable" : "garbled" };
}
