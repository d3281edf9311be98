import { describe, expect, it } from "vitest";
import { figureTable, fillDocument } from "./document.ts";
import { goalOf, goals, isMet, partNames, type FigureId, type PartName } from "./goals.ts";
import { merge } from "./report.ts";
import { Recorder } from "./record.ts";

const ids = Object.keys(goals) as FigureId[];

describe("the table of figures", () => {
  it("has a row with its goal for every figure, measured or not", () => {
    const rows = figureTable([]).split("\n").slice(2);
    expect(rows).toHaveLength(ids.length);
    for (const [index, id] of ids.entries()) {
      expect(rows[index]).toContain(goalOf(id).figure);
      expect(rows[index]).toMatch(/not measured \| [≥≤] \d/);
    }
  });

  it("says whether the goal was met, on both sides of it", () => {
    const recorder = new Recorder("rest", 0);
    recorder.figure("rest_peer_8", { median: 9.123, least: 8, greatest: 10 }, "9/s against 1/s");
    recorder.figure("rest_p99_64", 3);
    const rows = figureTable(recorder.record.figures).split("\n");
    expect(rows.find((row) => row.includes("8 connections: requests/s against the best"))).toMatch(
      /9\.12 × \(8–10\) \| ≥ 8 × \| yes \| 9\/s against 1\/s/,
    );
    expect(rows.find((row) => row.includes("p99 at 64"))).toMatch(/3 × \| ≤ 2\.5 × \| \*\*no\*\*/);
  });
});

describe("the goals", () => {
  it("belong to a part each, and no part is without", () => {
    expect(new Set(ids.map((id) => goalOf(id).part))).toEqual(new Set(partNames));
  });

  it("are bounds on one side, which the bound itself meets", () => {
    for (const { atLeast, atMost, ...goal } of ids.map(goalOf)) {
      expect([atLeast, atMost].filter((side) => side !== undefined)).toHaveLength(1);
      expect(isMet({ ...goal, ...(atLeast === undefined ? { atMost: atMost ?? 0 } : { atLeast }) }, atLeast ?? atMost ?? NaN)).toBe(true); // prettier-ignore
    }
    expect(isMet(goalOf("rest_peer_8"), 7.99)).toBe(false);
    expect(isMet(goalOf("start_ready"), 501)).toBe(false);
  });
});

describe("a document's markers", () => {
  it("are filled as often as one likes, and what is around them stays", () => {
    const text = "before\n<!-- bench:one -->\nold\n<!-- /bench:one -->\nafter";
    const once = fillDocument(text, { one: "new" });
    expect(once).toBe("before\n<!-- bench:one -->\n\nnew\n\n<!-- /bench:one -->\nafter");
    expect(fillDocument(once, { one: "new" })).toBe(once);
  });

  it("are missed by name", () => {
    expect(() => fillDocument("nothing", { one: "new" })).toThrow(/bench:one/);
  });
});

it("a part measured again takes the place of the earlier one, in the order of the parts", () => {
  const record = (part: PartName, loadAverage: number) => new Recorder(part, loadAverage).record;
  const [rest, again, trpc] = [record("rest", 1), record("rest", 2), record("trpc", 3)];
  expect(merge([trpc, rest], [again])).toEqual([again, trpc]);
});
