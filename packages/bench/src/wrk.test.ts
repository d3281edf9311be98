import { expect, it } from "vitest";
import { parseResult, perSecond } from "./wrk.ts";

const line =
  'RESULT {"seconds":3.004,"requests":9012,"p50Ms":0.81,"p90Ms":1.2,"p99Ms":3.25,"maxMs":9.1,"failedAnswers":2,"socketErrors":1,"ok":0,"refused":0,"other":0}';

it("reads the latencies that our script prints among wrk's own lines", () => {
  const result = parseResult(`Running 3s test\n  8.71MB read\n${line}\n`);
  expect(result).toMatchObject({ p50Ms: 0.81, p99Ms: 3.25, failedAnswers: 2, socketErrors: 1 });
  expect(perSecond(result)).toBeCloseTo(3000, 6);
});

it("says what wrk printed instead of a result", () => {
  expect(() => parseResult("unable to connect to 127.0.0.1:1")).toThrow(/unable to connect/);
});
