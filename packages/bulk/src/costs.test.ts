import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { sizes } from "./job.ts";

/** List prices in us-east-1 in US dollars, as they were known in November 2026; those of Fargate as in stacks/costs.test.ts. */
const price = { cpuHour: 0.04048, gigabyteHour: 0.004445, spotShare: 0.3, transition: 25e-6, put: 5e-6, get: 0.4e-6 };
/** prod's in stacks/stage.ts. */
const task = { cpus: 1, gigabytes: 3, atOnce: 100 };
/** Until a task does something, and what a plan reads. */
const assumed = { startSeconds: 40, planBytesPerSecond: 100e6 };

const kinds = { titles: { bytes: 63, microseconds: 78.1 }, bodies: { bytes: 1_122, microseconds: 227.4 } };

it.each([1e6, 1e7, 1e8, 1e9].flatMap((rows) => (["titles", "bodies"] as const).map((kind) => [rows, kind] as const)))(
  "docs/bulk.md: what %d rows of %s take is what the formula says",
  (rows, kind) => {
    const { bytes, microseconds } = kinds[kind];
    const shards = Math.ceil((rows * bytes) / sizes.shardBytes);
    const shardsOfTask = Math.max(1, Math.min(sizes.shardsPerTask, Math.ceil(shards / task.atOnce)));
    const tasks = Math.ceil(shards / shardsOfTask);
    const planSeconds = assumed.startSeconds + (rows * bytes) / assumed.planBytesPerSecond;
    const tagSeconds = rows * microseconds * 1e-6;
    const hours = (planSeconds + tasks * assumed.startSeconds + tagSeconds + assumed.startSeconds) / 3_600;
    const rounds = Math.ceil(tasks / task.atOnce);
    const seconds = planSeconds + rounds * (assumed.startSeconds + tagSeconds / tasks) + assumed.startSeconds;
    const fargate = hours * (task.cpus * price.cpuHour + task.gigabytes * price.gigabyteHour);
    const others = (5 + 4 * tasks) * price.transition + shards * (3 * price.put + 6 * price.get);
    const expected = [shards, tasks, hours.toFixed(1), Math.ceil(seconds / 60)].map(String);
    const dollars = [fargate * price.spotShare, fargate, others].map((sum) => sum.toFixed(2));
    expect(documented(rows, kind)).toEqual([...expected, ...dollars]);
  },
);

function documented(rows: number, kind: string): string[] {
  const start = `| ${rows.toLocaleString("en")} `;
  const line = readFileSync("docs/bulk.md", "utf8")
    .split("\n")
    .find((text) => text.startsWith(start) && text.includes(` ${kind} `));
  return (line ?? "")
    .split("|")
    .slice(3, -1)
    .map((cell) => cell.trim().replaceAll(",", ""));
}
