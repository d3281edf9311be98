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

  it("tells how long the work ahead will take", async () => {
    vi.useFakeTimers();
    const admission = new Admission({ permits: 1, queue: 9, deadlineMs: 1_000_000 });
    const tenSeconds = () => new Promise((resolve) => setTimeout(resolve, 10_000));
    for (let run = 0; run < 100; run++) {
      const running = admission.run(tenSeconds);
      await vi.advanceTimersByTimeAsync(10_000);
      await running;
    }
    for (let run = 0; run < 10; run++) void admission.run(tenSeconds);
    await expect(admission.run(tenSeconds)).rejects.toSatisfy(
      ({ retryAfterSeconds }: { retryAfterSeconds: number }) => retryAfterSeconds > 90 && retryAfterSeconds <= 100,
    );
    await vi.runAllTimersAsync();
  });
});
