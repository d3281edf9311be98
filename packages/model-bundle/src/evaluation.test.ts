import { expect } from "vitest";
import { tinyBundle } from "../test/tiny-bundle.ts";
import { itWithStore, type StoreTest } from "../test/with-store.ts";
import { runCommandLine } from "./command-line.ts";
import { type Evaluation, readEvaluation, writeEvaluation } from "./evaluation.ts";
import { publish } from "./publish.ts";
import { current, promote, type Release } from "./release.ts";

const worse = { candidate: 0.61, baseline: 0.68, interval: [-0.08, -0.06] as [number, number], p: 0.0005 };

const toFields = ({ name, version, manifestSha256 }: Release) => ({ name, version, manifest_sha256: manifestSha256 });

/** Version 1 in use, version 2 published and compared with it. */
async function compared({ store }: StoreTest, verdict: Evaluation["verdict"]) {
  const baseline = await promote(store, await publish(store, await tinyBundle()));
  const candidate = await publish(store, await tinyBundle({ version: "2" }));
  await writeEvaluation(store, {
    candidate: toFields(candidate),
    baseline: toFields(baseline),
    evaluated_at: "2026-01-02T03:04:05Z",
    questions: 7_772,
    labels: 100,
    micro_f1: worse,
    weighted_f1: worse,
    verdict,
  });
  return { baseline, candidate };
}

itWithStore(
  "a release that was found worse than the one in use is not promoted, and the figures say why",
  async (given) => {
    const { baseline, candidate } = await compared(given, "worse");
    await expect(promote(given.store, candidate)).rejects.toMatchObject({
      code: "worse",
      message:
        "tiny@2 is worse than tiny@1, which is in use: micro F1 0.610 against 0.680 (p < .001), weighted F1 0.610 against 0.680 (p < .001) on 7772 questions",
    });
    expect(await current(given.store)).toEqual(baseline);
  },
);

itWithStore("a release that another was found better than does not take its place, either", async (given) => {
  const { baseline, candidate } = await compared(given, "better");
  await promote(given.store, candidate);
  await expect(promote(given.store, baseline)).rejects.toMatchObject({
    code: "worse",
    message: expect.stringContaining(
      "tiny@1 is worse than tiny@2, which is in use: micro F1 0.680 against 0.610",
    ) as string,
  });
  const { micro_f1 } = (await readEvaluation(given.store, baseline, candidate)) ?? {};
  expect(micro_f1).toEqual({ candidate: 0.68, baseline: 0.61, interval: [0.06, 0.08], p: 0.0005 });
});

itWithStore("who insists promotes it all the same", async (given) => {
  const { candidate } = await compared(given, "worse");
  await promote(given.store, candidate, { force: true });
  expect(await current(given.store)).toEqual(candidate);
});

itWithStore("the command says how to insist, and does", async (given) => {
  await compared(given, "worse");
  const said: string[] = [];
  const run = (...args: string[]) =>
    runCommandLine(
      args,
      { MODEL_BUCKET: "models", AWS_ENDPOINT_URL: given.url },
      {
        out: (line) => said.push(line),
        err: (line) => said.push(line),
        redraw: undefined,
      },
    );
  expect(await run("promote", "tiny@2")).toBe(1);
  expect(said.at(-1)).toMatch(/promote --force does it all the same$/);
  expect(await run("promote", "tiny@2", "--force")).toBe(0);
  expect(said.at(-1)).toBe("tiny@2 is the model in use");
  expect(await run("list", "--force")).toBe(2);
});

for (const verdict of ["better", "no_difference"] as const) {
  itWithStore(`a release that was found ${verdict.replace("_", " ")} is promoted`, async (given) => {
    const { candidate } = await compared(given, verdict);
    await promote(given.store, candidate);
    expect(await current(given.store)).toEqual(candidate);
  });
}

itWithStore("what was found holds for the very two that were compared, and for no others", async (given) => {
  const { candidate, baseline } = await compared(given, "worse");
  const third = await promote(given.store, await publish(given.store, await tinyBundle({ version: "3" })));
  await promote(given.store, candidate);
  expect(await readEvaluation(given.store, candidate, third)).toBeUndefined();
  expect(await readEvaluation(given.store, candidate, baseline)).toMatchObject({ verdict: "worse", questions: 7_772 });
});

itWithStore("a damaged evaluation is named, and nothing is promoted", async (given) => {
  const { baseline, candidate } = await compared(given, "worse");
  const key = `models/evaluations/${candidate.manifestSha256}-${baseline.manifestSha256}.json`;
  await given.store.write(key, '{"verdict":"fine"}');
  await expect(promote(given.store, candidate)).rejects.toMatchObject({
    code: "invalid_evaluation",
    message: expect.stringContaining(`${key}: schema_version: `) as string,
  });
  expect(await current(given.store)).toEqual(baseline);
});
