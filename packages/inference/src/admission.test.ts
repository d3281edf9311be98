import { EventEmitter, once } from "node:events";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Admission } from "./admission.ts";

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

  it("admits whoever needn't wait, though nobody may", async () => {
    const admission = new Admission({ permits: 1, queue: 0, deadlineMs: 10_000 });
    await expect(admission.admit()).resolves.toBeUndefined();
  });

  it("doesn't wait for a client that has gone before", async () => {
    const admission = new Admission({ permits: 1, queue: 1, deadlineMs: 10_000 });
    void admission.run(never);
    await expect(admission.run(never, { signal: AbortSignal.abort(new Error("gone")) })).rejects.toThrow("gone");
    expect(admission.waiting).toBe(0);
  });
});
