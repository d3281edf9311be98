import { expect, test } from "vitest";
import type { Engine } from "./model-access.ts";
import { inSlices } from "./slices.ts";

test("a batch is asked no further once nobody waits for it", async () => {
  const leaving = new AbortController();
  const gone = new Error("gone");
  const asked: number[] = [];
  const predict: Engine["predict"] = (questions) => {
    if (asked.push(questions.length) === 3) leaving.abort(gone);
    return Promise.resolve(questions.map(() => Float32Array.of(0.5)));
  };
  const questions = Array.from({ length: 256 }, () => ({ title: "python", body: "" }));
  const { signal } = leaving;
  await expect(inSlices(predict, { lanes: 2, runMs: 1 })(questions, { signal })).rejects.toBe(gone);
  expect(asked).toEqual([16, 16, 16]);
});
