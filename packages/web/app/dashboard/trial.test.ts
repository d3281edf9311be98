import { expect, it } from "vitest";
import { advise, type VersionFigures } from "./trial.ts";

const version = (own: Partial<VersionFigures> = {}): VersionFigures => ({
  answered: 10_000,
  failed: 0,
  busy: 0,
  p95: 10,
  ...own,
});
const trial = (candidate: Partial<VersionFigures>, current: Partial<VersionFigures> = {}) => ({
  current: version(current),
  candidate: version({ answered: 1_000, ...candidate }),
});

it.each<[string, ReturnType<typeof trial>, string]>([
  ["with few answers it is too early", trial({ answered: 499 }), "wait"],
  ["with none at all, too", trial({ answered: 0 }, { answered: 0 }), "wait"],
  ["as good a candidate may be promoted", trial({}), "promote"],
  ["one that fails as often, too", trial({ failed: 2 }, { failed: 20 }), "promote"],
  ["one that fails more often may not", trial({ failed: 10 }, { failed: 20 }), "stop"],
  ["nor one that always fails, however few were asked", trial({ answered: 0, failed: 5 }), "stop"],
  ["a few failures among few are no proof", trial({ answered: 3, failed: 4 }), "wait"],
  ["half as slow again is too slow", trial({ p95: 16 }), "stop"],
  ["a little slower is not", trial({ p95: 14 }), "promote"],
  ["one that can't keep up may not be promoted", trial({ busy: 20 }), "stop"],
])("%s", (_name, figures, kind) => {
  expect(advise(figures).kind).toBe(kind);
});

it("a single answer is counted as one", () => {
  expect(advise(trial({ answered: 1 })).reasons).toEqual([expect.stringContaining("asked 1 time;")]);
});
