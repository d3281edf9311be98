import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Admission } from "./admission.ts";
import type { ServiceError } from "./errors.ts";

describe("admission, by how long its queue takes", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it("refuses at once what would wait past its deadline, and tells when the work ahead will be done", async () => {
    const admission = new Admission({ permits: 1, queue: 50, deadlineMs: 100_000 });
    const tenSeconds = takes(10_000);
    const first = Array.from({ length: 5 }, () => admission.run(tenSeconds));
    await vi.runAllTimersAsync();
    await Promise.all(first);
    const admitted = Array.from({ length: 11 }, () => admission.run(takes(1_000)));
    expect(admission).toMatchObject({ running: 1, waiting: 10 });
    await expect(admission.run(tenSeconds)).rejects.toMatchObject({ code: "overloaded", retryAfterSeconds: 30 });
    await vi.runAllTimersAsync();
    await Promise.all(admitted);
  });

  it("measures anew how long a place in the queue takes once another model serves", async () => {
    const admission = new Admission({ permits: 1, queue: 50, deadlineMs: 2_000 });
    const slow = Array.from({ length: 3 }, () => admission.run(takes(900)));
    await vi.runAllTimersAsync();
    await Promise.all(slow);
    admission.permits = 1;
    const quick = Array.from({ length: 51 }, () => admission.run(() => Promise.resolve("fine")));
    expect(await Promise.all(quick)).toEqual(quick.map(() => "fine"));
  });

  it("tells whoever is refused when those before will be done, those that were told so among them", async () => {
    const admission = await measured({ queue: 2 });
    fill(admission, 3);
    expect([await refused(admission), await refused(admission)]).toEqual([4, 5]);
  });

  it("forgets what it told once that time has come", async () => {
    const admission = await measured({ queue: 2 });
    fill(admission, 3);
    for (let n = 0; n < 1_000; n++) await refused(admission);
    expect(await refused(admission)).toBe(30);
    await vi.advanceTimersByTimeAsync(40_000);
    fill(admission, 2);
    expect(await refused(admission)).toBe(4);
  });

  it("takes the time in which nobody came for none that a place takes", async () => {
    const admission = await measured({ queue: 20 });
    await vi.advanceTimersByTimeAsync(3_600_000);
    const admitted = Array.from({ length: 10 }, () => admission.run(takes(900)));
    await vi.advanceTimersByTimeAsync(1_000);
    void admission.run(takes(900));
    expect(admission.waiting).toBe(9);
    await vi.runAllTimersAsync();
    await Promise.all(admitted);
  });

  it("lets one wait though it may take too long, or it would never learn that it doesn't any more", async () => {
    const admission = await measured({ queue: 2, deadlineMs: 999 });
    const first = admission.run(takes(1));
    const second = admission.run(takes(1));
    await vi.runAllTimersAsync();
    await expect(Promise.all([first, second])).resolves.toBeDefined();
  });

  it("answers every client that comes back when it was told to, at ten times what it can do", async () => {
    const capacity = { permits: 2, queue: 10 };
    const admission = new Admission({ ...capacity, deadlineMs: 100_000 });
    const work = takes(100);
    const most = { running: 0, waiting: 0 };
    const refusals: number[] = [];
    const client = async (_: unknown, index: number) => {
      for (refusals[index] = 0; ; refusals[index]++) {
        const answer = admission.run(work);
        most.running = Math.max(most.running, admission.running);
        most.waiting = Math.max(most.waiting, admission.waiting);
        const error = await answer.catch((error: unknown) => error as ServiceError);
        if (!error) return;
        expect(error).toMatchObject({ code: "overloaded", status: 429 });
        await takes((error.retryAfterSeconds ?? 0) * 1_000)();
      }
    };
    const measured = Promise.all(Array.from({ length: 10 }, () => admission.run(work)));
    await vi.runAllTimersAsync();
    await measured;
    const clients = Promise.all(Array.from({ length: 10 * (capacity.permits + capacity.queue) }, client));
    await vi.runAllTimersAsync();
    await clients;
    expect(most).toEqual({ running: capacity.permits, waiting: capacity.queue });
    // The clock of the promise is the mean of what was measured: a few come too early, and once more.
    expect(Math.max(...refusals)).toBeLessThanOrEqual(2);
    expect(admission).toMatchObject({ running: 0, waiting: 0 });
  });
});

const takes = (ms: number) => () => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Has learnt that a place in its queue takes a second. */
async function measured({ queue, deadlineMs = 10_000 }: { queue: number; deadlineMs?: number }): Promise<Admission> {
  const admission = new Admission({ permits: 1, queue, deadlineMs });
  const answers = [admission.run(takes(500)), admission.run(takes(1_000))];
  await vi.advanceTimersByTimeAsync(1_000);
  answers.push(admission.run(takes(1)));
  await vi.runAllTimersAsync();
  await Promise.all(answers);
  return admission;
}

/** Those that wait give up at their deadline. */
function fill(admission: Admission, requests: number): void {
  for (let n = 0; n < requests; n++) admission.run(takes(100_000)).catch(() => undefined);
}

/** What somebody is told who is refused. */
async function refused(admission: Admission): Promise<number | undefined> {
  const answer = admission.run(takes(0)).catch((error: unknown) => error as ServiceError);
  await vi.advanceTimersByTimeAsync(1);
  return (await answer)?.retryAfterSeconds;
}
