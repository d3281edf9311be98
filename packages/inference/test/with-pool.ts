import { tinyBundle } from "@tagsmith/model-bundle/test/tiny-bundle";
import { it, vi } from "vitest";
import { ModelThread } from "../src/model-thread.ts";
import { Pool } from "../src/pool.ts";

/** By way of a module that imports it: the query of a worker's own file is lost. */
export function crashing(kind: string): URL {
  const module = new URL(`./crashing-thread.mjs?${kind}`, import.meta.url);
  return new URL(`data:text/javascript,${encodeURIComponent(`import "${module.href}";`)}`);
}

export const question = (title: string) => [{ title, body: "" }];

export const half = [Float32Array.of(0.5)];

export const outcome = (answer: { status?: string; reason?: unknown } | { code: string }) =>
  "code" in answer
    ? answer.code
    : answer.status === "fulfilled"
      ? "answered"
      : (answer.reason as { code: string }).code;

interface PoolUnderTest {
  readonly pool: Pool;
  readonly deaths: readonly Error[];
  /** All that were started. */
  readonly threads: readonly ModelThread[];
  /** What the replacements are like from now on. */
  readonly successors: { kind: "successor" | "broken" | "refusing" };
}

interface PoolOptions {
  readonly size: number;
  readonly patienceMs?: number;
}

/** A test of a pool of such threads. */
export function withPool(
  name: string,
  { size, patienceMs }: PoolOptions,
  test: (parts: PoolUnderTest) => Promise<void>,
): void {
  it(name, async () => {
    const successors: PoolUnderTest["successors"] = { kind: "successor" };
    const threads: ModelThread[] = [];
    const start = () => {
      const thread = new ModelThread(crashing(threads.length < size ? "" : successors.kind), patienceMs);
      threads.push(thread);
      return thread;
    };
    const bundle = await tinyBundle();
    const first = start();
    await first.open(bundle);
    const deaths: Error[] = [];
    const pool = await Pool.open(bundle, { first, size, start, onDeath: (cause) => deaths.push(cause) });
    try {
      await test({ pool, deaths, threads, successors });
    } finally {
      vi.restoreAllMocks();
      await pool.close();
    }
  });
}
