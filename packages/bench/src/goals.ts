export const partNames = [
  "rest",
  "trpc",
  "batch",
  "start",
  "memory",
  "large",
  "workers",
  "telemetry",
  "overload",
  "swaps",
  "growth",
] as const;

export type PartName = (typeof partNames)[number];

export interface Goal {
  readonly part: PartName;
  readonly figure: string;
  readonly unit: "×" | "ms" | "s" | "MB" | "" | "exponent";
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** Every figure that is measured, and what it should be. Ratios are ours to theirs, out of the same round. */
export const goals = {
  rest_peer_8: {
    part: "rest",
    figure: "POST /api/v1/predict, 8 connections: requests/s against the best Python peer",
    unit: "×",
    atLeast: 8,
  },
  rest_peer_64: { part: "rest", figure: "the same at 64 connections", unit: "×", atLeast: 8 },
  rest_limit_8: {
    part: "rest",
    figure: "8 connections: requests/s against the limit (node:http + zod + tRPC caller, echoing)",
    unit: "×",
    atLeast: 0.5,
  },
  rest_limit_64: { part: "rest", figure: "the same at 64 connections", unit: "×", atLeast: 0.5 },
  rest_p99_64: { part: "rest", figure: "p99 at 64 connections against the limit's", unit: "×", atMost: 2.5 },
  trpc_single: {
    part: "trpc",
    figure: "tRPC, one call a request: requests/s against tRPC's own standalone adapter",
    unit: "×",
    atLeast: 2.5,
  },
  trpc_batch: { part: "trpc", figure: "the same in batches of 10 calls", unit: "×", atLeast: 2.5 },
  batch_question: {
    part: "batch",
    figure: "a question's cost in a batch of 256 against a single call's",
    unit: "×",
    atMost: 0.3,
  },
  start_ready: { part: "start", figure: "process start to ready, model streamed from S3", unit: "ms", atMost: 500 },
  start_peer: { part: "start", figure: "the same against lean Python's first answer", unit: "×", atMost: 0.25 },
  memory_ready: { part: "memory", figure: "resident memory after load, default model", unit: "MB", atMost: 180 },
  memory_traffic: { part: "memory", figure: "the same after some seconds of full traffic", unit: "MB", atMost: 180 },
  large_speed: {
    part: "large",
    figure: "1 GiB model, start to verified and ready: speed against parallel GETs into nowhere",
    unit: "×",
    atLeast: 0.7,
  },
  large_memory: { part: "large", figure: "its peak memory against the model's size", unit: "×", atMost: 1.15 },
  large_lag: { part: "large", figure: "the event loop's worst delay meanwhile", unit: "ms", atMost: 20 },
  workers_two: { part: "workers", figure: "requests/s of WORKERS=2 against WORKERS=1", unit: "×", atLeast: 1.7 },
  telemetry_cost: {
    part: "telemetry",
    figure: "requests/s with traces (5 % of them kept) and metrics told against none",
    unit: "×",
    atLeast: 0.97,
  },
  overload_livez: { part: "overload", figure: "/livez p99 at 10 × capacity and more", unit: "ms", atMost: 50 },
  overload_other: { part: "overload", figure: "answers other than 200 and 429 then", unit: "", atMost: 0 },
  overload_recovery: { part: "overload", figure: "until an answer is as fast as before", unit: "s", atMost: 5 },
  overload_memory: { part: "overload", figure: "memory at its end against its first half", unit: "×", atMost: 1.1 },
  swaps_failed: { part: "swaps", figure: "failed requests in 50 model swaps under load", unit: "", atMost: 0 },
  swaps_memory: { part: "swaps", figure: "memory after them against after the first five", unit: "×", atMost: 1.1 },
  growth_text: { part: "growth", figure: "cost against text length, to 100 kB", unit: "exponent", atMost: 1.1 },
  growth_labels: { part: "growth", figure: "cost against labels, 100 to 10,000", unit: "exponent", atMost: 1.1 },
  growth_vocabulary: {
    part: "growth",
    figure: "cost against the vocabulary's size, 10⁴ to 10⁶",
    unit: "exponent",
    atMost: 0.2,
  },
  growth_size: {
    part: "growth",
    figure: "start to ready against the model's size, 1 MiB to 2 GiB",
    unit: "exponent",
    atMost: 1.1,
  },
  growth_connections: {
    part: "growth",
    figure: "a request's cost against connections, 1 to 5,000",
    unit: "exponent",
    atMost: 0.2,
  },
} as const satisfies Record<string, Goal>;

export type FigureId = keyof typeof goals;

export const goalOf = (id: FigureId): Goal => goals[id];

export function isMet({ atLeast = -Infinity, atMost = Infinity }: Goal, value: number): boolean {
  return value >= atLeast && value <= atMost;
}
