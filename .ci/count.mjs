import { existsSync, readFileSync } from "node:fs";

/** Prints `N passed, N failed[, N skipped]` of the reports that the stages of `run` leave in test-results/. */
const exitCode = Number(process.argv[2]);
const read = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined);
const [unit, unitOnImages] = ["unit", "unit-24"].map((name) => read(`test-results/${name}.json`));
const e2e = read("test-results/e2e.json");
const validated = unit !== undefined; // `npm test` runs the units only after types and lint

const lanes = ["fuzz", "faults", "images", "deploy"].map((name) => read(`test-results/${name}.json`));

const stages = [
  validated ? [1, 0, 0] : [0, 1, 0],
  ...[unit, unitOnImages].map((run) =>
    run ? [run.numPassedTests, run.numFailedTests, run.numPendingTests] : [0, 1, 0],
  ),
  e2e ? [e2e.stats.expected, e2e.stats.unexpected + e2e.stats.flaky, e2e.stats.skipped] : [0, 1, 0],
  ...lanes.map((lane) => (lane ? [lane.passed, lane.failed, lane.skipped] : [0, 1, 0])),
];
const [passed, failed, skipped] = [0, 1, 2].map((column) => stages.reduce((sum, stage) => sum + stage[column], 0));
const unexplained = exitCode !== 0 && failed === 0 ? 1 : 0; // a suite that broke outside its tests
console.log(`${passed} passed, ${failed + unexplained} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
