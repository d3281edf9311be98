import { fileURLToPath } from "node:url";
import * as z from "zod";
import type { Children } from "./children.ts";

const script = fileURLToPath(new URL("./post.lua", import.meta.url));

export interface Load {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  /** A file of request bodies, one a line; they are sent in turn. */
  readonly bodies: string;
  /** Also count answers by their status. */
  readonly statuses?: boolean;
}

const resultSchema = z.object({
  seconds: z.number().positive(),
  requests: z.int(),
  p50Ms: z.number(),
  p90Ms: z.number(),
  p99Ms: z.number(),
  maxMs: z.number(),
  failedAnswers: z.int(),
  socketErrors: z.int(),
  ok: z.int(),
  refused: z.int(),
  other: z.int(),
});

export type LoadResult = z.infer<typeof resultSchema>;

export const perSecond = ({ requests, seconds }: LoadResult): number => requests / seconds;

interface RunningLoad {
  readonly result: Promise<LoadResult>;
  /** Ends it early; the result is of the time until then. */
  readonly stop: () => void;
}

/** Loads an address of this machine and resolves to how that went. */
export function load(children: Children, options: Load): Promise<LoadResult> {
  return startLoad(children, options).result;
}

/** One thread of wrk, which sends a connection's next request once the last one is answered. */
export function startLoad(children: Children, { url, connections, seconds, bodies, statuses }: Load): RunningLoad {
  if (new URL(url).hostname !== "127.0.0.1") throw new Error(`${url} is not on this machine: no load is sent there.`);
  const parameters = ["-t", "1", "-c", connections, "-d", `${seconds}s`, "--timeout", "30s", "-s", script, url];
  const wrk = children.start("wrk", ["wrk", ...parameters.map(String)], {
    output: true,
    variables: { BENCH_BODIES: bodies, ...(statuses && { BENCH_STATUSES: "1" }) },
  });
  const result = wrk.output().then(parseResult);
  result.catch(() => undefined); // whoever waits for it hears of it
  return { result, stop: () => wrk.send("SIGINT") };
}

/** @throws {Error} when wrk printed no result */
export function parseResult(output: string): LoadResult {
  const [, result] = /^RESULT (.*)$/m.exec(output) ?? [];
  if (result === undefined) throw new Error(`wrk gave no result: ${output.slice(-500)}`);
  return resultSchema.parse(JSON.parse(result));
}

/** @throws {Error} that says how to install wrk where it is missing */
export async function findWrk(children: Children): Promise<void> {
  try {
    await children.start("wrk", ["wrk", "-v"], { output: true, anyExitCode: true }).output();
  } catch (cause) {
    throw new Error(
      "The load comes from wrk, which isn't installed: `apt-get install wrk` (Debian, Ubuntu), `brew install wrk` (macOS).",
      { cause },
    );
  }
}
