import { expect, it, vi } from "vitest";
import type { Failure } from "../../app/failure.ts";
import { patient, type Ask } from "./ask.ts";

const question = { title: "x", body: "" };
const patienceMs = 10_000;

/** Asks a service of which each answer takes so many milliseconds, by a clock of the test's own. */
async function asked(answers: readonly (readonly [ms: number, failure?: Failure])[]) {
  let now = 0;
  const clock = vi.spyOn(performance, "now").mockImplementation(() => now);
  const left = [...answers];
  const service: Ask = () => {
    const [ms = 0, failure] = left.shift() ?? [];
    now += ms;
    return Promise.resolve(failure ? { ok: false, failure } : { ok: true, value: [] });
  };
  const ask = patient(service, { patienceMs, signal: new AbortController().signal });
  const results = [];
  while (left.length > 0) results.push((await ask([question])).ok);
  clock.mockRestore();
  return results;
}

const busy = (retryAfterSeconds: number): Failure => ({ kind: "overloaded", retryAfterSeconds });

it("a service that is away twice, each time for less than patience lasts, answers all", async () => {
  expect(await asked([[0], [6_000, busy(0)], [0], [6_000, busy(0)], [0]])).toEqual([true, true, true]);
});

it("a service that is away for longer has failed", async () => {
  expect(await asked([[0], [6_000, busy(0)], [6_000, busy(0)], [0]])).toEqual([true, false, true]);
});

it("a service that wants to be left alone for longer than patience lasts is not asked meanwhile", async () => {
  expect(await asked([[0, busy(11)], [0]])).toEqual([false, true]);
});

it("for who has left nothing is asked any more", async () => {
  const service = vi.fn<Ask>();
  const ask = patient(service, { patienceMs, signal: AbortSignal.abort() });
  await expect(ask([question])).rejects.toThrow();
  expect(service).not.toHaveBeenCalled();
});
