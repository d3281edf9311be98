import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { S3Error } from "./errors.ts";
import type { S3Request } from "./request.ts";
import type { Operation } from "./routes.ts";

/** One misbehaviour. Bytes are counted in the answer's body, so for a ranged read from the range's start. */
export type Fault =
  | { readonly kind: "delay"; readonly delayMs: number }
  /** 503 SlowDown, nothing done. */
  | { readonly kind: "slow-down" }
  /** Runs before the request is looked at, e.g. to overwrite an object between two ranges. */
  | { readonly kind: "meanwhile"; readonly action: () => Promise<unknown> }
  /** Nothing more after so many bytes, and the connection stays open until the client gives up. */
  | { readonly kind: "stall"; readonly afterBytes: number }
  /** The connection is cut after so many bytes, or at the body's end: a write is then done, and its answer lost. */
  | { readonly kind: "drop"; readonly afterBytes: number }
  /** Flips every bit of so many bytes. */
  | { readonly kind: "corrupt"; readonly atByte: number; readonly bytes: number };

/** Which requests are hit: by default the next one of any kind. */
export interface Target {
  readonly operation?: Operation;
  readonly key?: string;
  /** Lets so many that match pass first. */
  readonly skip?: number;
  readonly times?: number;
}

interface SeenRequest {
  readonly operation: Operation;
  readonly bucket: string;
  readonly key: string;
  readonly range: string | undefined;
}

/** What a server shall do wrong, changed by a test while it runs; and a record of what it was asked. */
export class FaultPlan {
  readonly seen: SeenRequest[] = [];
  #entries: { fault: Fault; target: Target; skip: number; times: number }[] = [];

  add(fault: Fault, target: Target = {}): void {
    this.#entries.push({ fault, target, skip: target.skip ?? 0, times: target.times ?? 1 });
  }

  clear(): void {
    this.#entries = [];
    this.seen.length = 0;
  }

  /** For the server: notes the request and uses up the faults that are meant for it. */
  take(operation: Operation, request: S3Request): readonly Fault[] {
    const { bucket, key } = request;
    this.seen.push({ operation, bucket, key, range: request.header("range") });
    return this.#entries
      .filter((entry) => {
        if ((entry.target.operation ?? operation) !== operation || (entry.target.key ?? key) !== key) return false;
        if (entry.skip > 0) {
          entry.skip--;
          return false;
        }
        return entry.times-- > 0;
      })
      .map(({ fault }) => fault);
  }
}

/** The faults that come before the answer. Throws SlowDown. */
export async function disturbRequest(faults: readonly Fault[]): Promise<void> {
  for (const fault of faults) {
    if (fault.kind === "delay") await delay(fault.delayMs);
    if (fault.kind === "meanwhile") await fault.action();
    if (fault.kind === "slow-down") throw new S3Error("SlowDown");
  }
}

/** The answer's body on its way out. */
export async function* disturbBody(
  body: AsyncIterable<Buffer>,
  faults: readonly Fault[],
  response: ServerResponse,
): AsyncGenerator<Buffer> {
  const end = faults.find((fault) => fault.kind === "stall" || fault.kind === "drop");
  let position = 0;
  for await (const chunk of body) {
    const room = (end?.afterBytes ?? Infinity) - position;
    // Even an empty write would send the headers, and with them the answer to a write.
    if (chunk.length > 0 && room > 0) yield corrupted(chunk.subarray(0, room), position, faults);
    position += chunk.length;
    if (chunk.length >= room) break;
  }
  if (end?.kind === "stall") await closed(response);
  if (end?.kind === "drop") await cut(response);
}

function corrupted(chunk: Buffer, position: number, faults: readonly Fault[]): Buffer {
  const copy = Buffer.from(chunk);
  for (const fault of faults) {
    if (fault.kind !== "corrupt") continue;
    const start = Math.max(0, fault.atByte - position);
    const end = Math.min(copy.length, fault.atByte + fault.bytes - position);
    for (let index = start; index < end; index++) copy[index] = ~(copy[index] ?? 0);
  }
  return copy;
}

/** Closes the connection behind what has been written to it. */
async function cut(response: ServerResponse): Promise<void> {
  const { socket } = response;
  await new Promise((resolve) => socket?.write("", resolve) ?? resolve(undefined));
  response.destroy();
  await closed(response);
}

async function closed(response: ServerResponse): Promise<void> {
  if (!response.closed) await once(response, "close");
}
