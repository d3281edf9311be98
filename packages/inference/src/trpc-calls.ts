import type { IncomingMessage } from "node:http";

/** The calls that a tRPC request makes. */
export interface Calls {
  readonly paths: readonly string[];
  readonly isBatch: boolean;
  /** A batch is its calls and nothing else: no other parameters, no answers one by one. */
  readonly isPlain: boolean;
}

/** What a request under `basePath` calls, or undefined when its address can't be decoded. */
export function callsOf({ url = "", headers }: IncomingMessage, basePath: string): Calls | undefined {
  const queryAt = url.indexOf("?");
  const path = decode(url.slice(basePath.length, queryAt < 0 ? undefined : queryAt));
  if (path === undefined) return undefined;
  const query = queryAt < 0 ? "" : url.slice(queryAt + 1);
  const isBatch = query === "batch=1" || (query !== "" && new URLSearchParams(query).get("batch") === "1");
  const isStreamed = headers["trpc-accept"] !== undefined || (headers.accept?.includes("jsonl") ?? false);
  return {
    paths: isBatch ? path.split(",") : [path],
    isBatch,
    isPlain: !isStreamed && (query === "" || query === "batch=1"),
  };
}

/** As tRPC sees it: whatever the case and the parameters. */
export function isJson({ headers }: IncomingMessage): boolean {
  const type = headers["content-type"];
  return type === "application/json" || type?.toLowerCase().split(";", 1)[0]?.trim() === "application/json";
}

function decode(path: string): string | undefined {
  if (!path.includes("%")) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
