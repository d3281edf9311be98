import * as z from "zod";

const version = { name: z.string().optional(), version: z.string().optional() };
const update = z.object({
  status: z.enum(["loading", "failed"]),
  ...version,
  reason: z.string().optional(),
  bytes_loaded: z.number().optional(),
  bytes_total: z.number().nullish(),
});
const readiness = z.object({
  status: z.enum(["ready", "loading", "failed", "draining"]),
  ...version,
  model: z.object(version).optional(),
  reason: z.string().optional(),
  update: update.optional(),
  candidate: z.union([update, z.object({ status: z.literal("on_trial"), ...version })]).optional(),
});

/** What a task of the service that was asked has in use. Several tasks take a version over one after the other. */
export interface Serving {
  readonly status: "ready" | "loading" | "failed" | "draining" | "unreachable";
  /** As NAME@VERSION; absent where none serves. */
  readonly serves?: string | undefined;
  readonly update?:
    | {
        readonly status: "loading" | "failed";
        readonly id?: string | undefined;
        /** From 0 to 1; absent while nobody knows. */
        readonly share?: number | undefined;
        readonly reason?: string | undefined;
      }
    | undefined;
  /** What is tried out, or is to be. */
  readonly candidate?:
    | {
        readonly status: "on_trial" | "loading" | "failed";
        readonly id?: string | undefined;
        readonly reason?: string | undefined;
      }
    | undefined;
}

const deadlineMs = 3_000;

/** Asks `/readyz` of the service at this base address. */
export async function readServing(url: string): Promise<Serving> {
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(deadlineMs) });
    return toServing(readiness.parse(await response.json()));
  } catch {
    return { status: "unreachable" };
  }
}

function toServing({ model, update, candidate, ...state }: z.infer<typeof readiness>): Serving {
  const pending =
    state.status === "ready" ? update : state.status === "draining" ? undefined : { ...state, status: state.status };
  const { bytes_loaded: loaded, bytes_total: total } = update ?? {};
  return {
    status: state.status,
    serves: model && idOf(model),
    update: pending && {
      status: pending.status,
      id: idOf(pending),
      share: loaded !== undefined && total ? loaded / total : undefined,
      reason: pending.reason,
    },
    candidate: candidate && {
      status: candidate.status,
      id: idOf(candidate),
      reason: "reason" in candidate ? candidate.reason : undefined,
    },
  };
}

const idOf = ({ name, version }: { name?: string | undefined; version?: string | undefined }) =>
  name && version ? `${name}@${version}` : undefined;
