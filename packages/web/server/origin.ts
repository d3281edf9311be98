import type { Request } from "express";

/**
 * This site as the client named it, or a trusted proxy in its place. Remix takes what stands behind the first colon of a
 * host for its port, which it isn't of an IPv6 address.
 */
export function originOf(request: Request): string {
  const { protocol, hostname } = request;
  const host = [request.get("host"), request.get("x-forwarded-host")].find((name) => name?.startsWith(hostname));
  return `${protocol}://${hostname}${/:\d+$/.exec(host ?? "")?.[0] ?? ""}`;
}
