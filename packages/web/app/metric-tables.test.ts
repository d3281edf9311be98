import { expect, it } from "vitest";
import { metricTables } from "./metric-tables.ts";

it("objects that hold the same figures become the rows of one table", () => {
  const scores = (weighted_f1: number) => ({ weighted_f1, questions: 7772 });
  expect(metricTables({ test: { titles: scores(0.6781), with_body: scores(0.672) } })).toEqual([
    {
      name: "Test",
      columns: ["Weighted F1", "Questions"],
      rows: [
        { name: "Titles", values: ["0.678", "7,772"] },
        { name: "With body", values: ["0.672", "7,772"] },
      ],
    },
  ]);
});

it("rows without a common ancestor keep their whole names", () => {
  const [table] = metricTables({ ours: { titles: { f1: 0.5 } }, predecessor: { titles: { f1: 0.25 } } });
  expect(table?.name).toBe("Scores");
  expect(table?.rows.map(({ name }) => name)).toEqual(["Ours, Titles", "Predecessor, Titles"]);
});

it("an object that is alone of its kind becomes a list of names and values", () => {
  expect(metricTables({ calibration_error: 0.018, thresholds_from: "val" })).toEqual([
    {
      name: "Other figures",
      columns: ["Value"],
      rows: [
        { name: "Calibration error", values: ["0.018"] },
        { name: "Thresholds from", values: ["val"] },
      ],
    },
  ]);
});

it("a curve's points are left out", () => {
  expect(metricTables({ reliability: [[0.1, 0.2]], nothing: null })).toEqual([]);
});

it("no two tables have the same name", () => {
  const part = { shipped: { f1: 0.5 }, questions: 593 };
  const names = metricTables({ titles: part, bodies: part, note: "val" }).map(({ name }) => name);
  expect(names.toSorted()).toEqual(["Other figures", "Scores: F1", "Scores: Questions"]);
});

it("a whole number among fractions has their digits", () => {
  const [table] = metricTables({ all: { share: 1, rows: 10 }, sure: { share: 0.5, rows: 5 } });
  expect(table?.rows.map(({ values }) => values)).toEqual([
    ["1.000", "10"],
    ["0.500", "5"],
  ]);
});
