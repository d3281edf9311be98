import { EventEmitter, once } from "node:events";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Admission } from "./admission.ts";
import type { ServiceError } from "./errors.ts";

const never = () => new Promise<never>(() => undefined);

describe("admission", () => {
  afterEach(() => vi.useRealTimers());

  it("runs as many at once as there are permits, and the next when one ends", async () => {
    const admission = new Admission({ permits: 1, queue: 1, deadlineMs: 10_000 });
    const order: string[] = [];
    const gate = new EventEmitter();
    const done = Promise.all([
      admission.run(async () => {
        order.push("first");
        await once(gate, "open");
        order.push("first ends");
      }),
      admission.run(() => Promise.resolve(order.push("second"))),
    ]);
    expect(admission).toMatchObject({ running: 1, waiting: 1 });
    gate.emit("open");
    await done;
    expect(order).toEqual(["first", "first ends", "second"]);
    expect(admission).toMatchObject({ running: 0, waiting: 0 });
  });

  it("lets those who wait have what becomes free by more permits, before anybody new", async () => {
    const admission = new Admission({ permits: 1, queue: 5, deadlineMs: 10_000 });
    const begun: string[] = [];
    const ask = (name: string) => void admission.run(() => (begun.push(name), never()));
    for (const name of ["first", "second", "third", "fourth"]) ask(name);
    admission.permits = 3;
    ask("new");
    await vi.waitFor(() => expect(begun).toEqual(["first", "second", "third"]));
    expect(admission).toMatchObject({ running: 3, waiting: 2 });
  });

  it("comes down to fewer permits, whoever waits", async () => {
    const admission = new Admission({ permits: 3, queue: 5, deadlineMs: 10_000 });
    const gate = new EventEmitter();
    for (const name of ["first", "second", "third"]) void admission.run(() => once(gate, name));
    void admission.run(never);
    admission.permits = 1;
    for (const [name, left] of [
      ["first", { running: 2, waiting: 1 }],
      ["second", { running: 1, waiting: 1 }],
      ["third", { running: 1, waiting: 0 }],
    ] as const) {
      gate.emit(name);
      await vi.waitFor(() => expect(admission).toMatchObject(left));
    }
  });

  it("refuses at once when the queue is full", async () => {
    const admission = new Admission({ permits: 1, queue: 0, deadlineMs: 10_000 });
    void admission.run(never);
    await expect(admission.run(never)).rejects.toMatchObject({ code: "overloaded", status: 429, retryAfterSeconds: 1 });
  });

  it("refuses what has waited until its deadline, and forgets it", async () => {
    vi.useFakeTimers();
    const admission = new Admission({ permits: 1, queue: 5, deadlineMs: 2_000 });
    void admission.run(never);
    const refused = expect(admission.run(never)).rejects.toMatchObject({ code: "overloaded" });
    await vi.advanceTimersByTimeAsync(2_000);
    await refused;
    expect(admission.waiting).toBe(0);
  });

  it("gives its permit back when the work fails", async () => {
    const admission = new Admission({ permits: 1, queue: 0, deadlineMs: 1 });
    await expect(admission.run(() => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
    await expect(admission.run(() => Promise.resolve("fine"))).resolves.toBe("fine");
  });

  it("drops work whose client has gone before it runs, and gives its place to another", async () => {
    const admission = new Admission({ permits: 1, queue: 1, deadlineMs: 10_000 });
    void admission.run(never);
    const client = new AbortController();
    const work = vi.fn(never);
    const dropped = expect(admission.run(work, { signal: client.signal })).rejects.toThrow("gone");
    client.abort(new Error("gone"));
    await dropped;
    expect(admission.waiting).toBe(0);
    expect(work).not.toHaveBeenCalled();
    await expect(admission.admit()).resolves.toBeUndefined();
  });

  it("refuses at once what would wait past its deadline, and tells when the work ahead will be done", async () => {
    vi.useFakeTimers();
    const admission = new Admission({ permits: 1, queue: 50, deadlineMs: 100_000 });
    const tenSeconds = () => new Promise((resolve) => setTimeout(resolve, 10_000));
    const first = Array.from({ length: 5 }, () => admission.run(tenSeconds));
    await vi.runAllTimersAsync();
    await Promise.all(first);
    const admitted = Array.from({ length: 11 }, () => admission.run(() => new Promise((r) => setTimeout(r, 1_000))));
    expect(admission).toMatchObject({ running: 1, waiting: 10 });
    await expect(admission.run(tenSeconds)).rejects.toMatchObject({ code: "overloaded", retryAfterSeconds: 30 });
    await vi.runAllTimersAsync();
    await Promise.all(admitted);
  });

  it("measures anew how long a place in the queue takes once another model serves", async () => {
    vi.useFakeTimers();
    const admission = new Admission({ permits: 1, queue: 50, deadlineMs: 2_000 });
    const slow = Array.from({ length: 3 }, () => admission.run(() => new Promise((r) => setTimeout(r, 900))));
    await vi.runAllTimersAsync();
    await Promise.all(slow);
    admission.permits = 1;
    const quick = Array.from({ length: 51 }, () => admission.run(() => Promise.resolve("fine")));
    expect(await Promise.all(quick)).toEqual(quick.map(() => "fine"));
  });

  it("answers every client that comes back when it was told to, at ten times what it can do", async () => {
    vi.useFakeTimers();
    const capacity = { permits: 2, queue: 10 };
    const admission = new Admission({ ...capacity, deadlineMs: 100_000 });
    const work = () => new Promise<void>((resolve) => setTimeout(resolve, 100));
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
        await new Promise((resolve) => setTimeout(resolve, (error.retryAfterSeconds ?? 0) * 1_000));
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
