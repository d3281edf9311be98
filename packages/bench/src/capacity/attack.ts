import { writeFile } from "node:fs/promises";
import * as z from "zod";
import type { Children } from "../children.ts";

export interface Target {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly body?: string;
}

/** Requests that come at their own pace, whatever the answers do: what came late was late for a user, too. */
interface Attack {
  /** A file made by `writeTargets`; they are asked in turn. */
  readonly targets: string;
  readonly perSecond: number;
  readonly seconds: number;
}

export interface AttackResult {
  /** Requests a second that were sent. */
  readonly sentPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** The share that was answered with a status below 400. */
  readonly success: number;
}

const nanoseconds = z.number().transform((value) => value / 1e6);
const reportSchema = z.object({
  rate: z.number(),
  success: z.number(),
  latencies: z.object({ "50th": nanoseconds, "99th": nanoseconds }),
});

/** Longer than any answer that still counts. */
const timeoutSeconds = 5;

/** Writes what vegeta asks for. */
export async function writeTargets(file: string, targets: readonly Target[]): Promise<void> {
  const lines = targets.map(({ method, url, body }) => {
    if (new URL(url).hostname !== "127.0.0.1") throw new Error(`${url} is not on this machine: no load is sent there.`);
    const content = body !== undefined && {
      body: Buffer.from(body).toString("base64"),
      header: { "Content-Type": ["application/json"] },
    };
    return `${JSON.stringify({ method, url, ...content })}\n`;
  });
  await writeFile(file, lines.join(""));
}

/** @throws {Error} that says how to install vegeta where it is missing */
export async function attack(children: Children, { targets, perSecond, seconds }: Attack): Promise<AttackResult> {
  const results = `${targets}.results`;
  const parameters = ["-format=json", `-targets=${targets}`, `-rate=${Math.round(perSecond)}/1s`];
  const bounds = [`-duration=${seconds}s`, `-timeout=${timeoutSeconds}s`, `-output=${results}`];
  await vegeta(children, ["attack", ...parameters, ...bounds]);
  const report = reportSchema.parse(JSON.parse(await vegeta(children, ["report", "-type=json", results])));
  const { rate, success, latencies } = report;
  return { sentPerSecond: rate, p50Ms: latencies["50th"], p99Ms: latencies["99th"], success };
}

async function vegeta(children: Children, parameters: readonly string[]): Promise<string> {
  try {
    return await children.start("vegeta", ["vegeta", ...parameters], { output: true }).output();
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause && cause.code === "ENOENT")) throw cause;
    const ways = "`go install github.com/tsenart/vegeta/v12@v12.12.0`, `brew install vegeta`";
    throw new Error(`The load comes from vegeta, which isn't installed: ${ways}.`, { cause });
  }
}
