import { expect } from "vitest";
import { publishTiny, tinyBundle } from "../test/tiny-bundle.ts";
import { itWithStore } from "../test/with-store.ts";
import { current, find, promote, rollback, seed } from "./release.ts";
import { readPointer } from "./pointer.ts";
import { startTrial } from "./trial.ts";

itWithStore("fills an empty store, and follows the shipped bundle's version", async (given) => {
  await seed(given.store, await tinyBundle({ version: "1" }));
  expect(await current(given.store)).toMatchObject({ version: "1" });
  await seed(given.store, await tinyBundle({ version: "2" }));
  expect(await current(given.store)).toMatchObject({ version: "2" });
});

itWithStore("writes nothing when the shipped bundle is in use", async (given) => {
  await seed(given.store, await tinyBundle());
  given.faults.clear();
  await seed(given.store, await tinyBundle());
  expect(given.faults.seen.filter(({ operation }) => operation === "PutObject")).toEqual([]);
});

itWithStore("never replaces what an operator promoted, not even the seeded version itself", async (given) => {
  const release = await seed(given.store, await tinyBundle({ version: "1" }));
  await promote(given.store, release);
  await seed(given.store, await tinyBundle({ version: "2" }));
  expect(await current(given.store)).toMatchObject({ version: "1" });
  expect(await find(given.store, { name: "tiny", version: "2" })).toMatchObject({ version: "2" });
});

itWithStore("never replaces what a person promoted by name", async (given) => {
  const release = await seed(given.store, await tinyBundle({ version: "1" }));
  await promote(given.store, release, { by: "Ada" });
  await seed(given.store, await tinyBundle({ version: "2" }));
  expect(await current(given.store)).toMatchObject({ version: "1" });
});

itWithStore("never replaces what an operator rolled back to", async (given) => {
  await seed(given.store, await tinyBundle({ version: "1" }));
  await seed(given.store, await tinyBundle({ version: "2" }));
  await rollback(given.store);
  await seed(given.store, await tinyBundle({ version: "3" }));
  expect(await current(given.store)).toMatchObject({ version: "1" });
});

itWithStore("leaves a trial alone while the shipped bundle is in use", async (given) => {
  await seed(given.store, await tinyBundle({ version: "1" }));
  const candidate = await publishTiny(given.store, { version: "2" });
  await startTrial(given.store, candidate, { mode: "canary", share: 0.1 });
  await seed(given.store, await tinyBundle({ version: "1" }));
  expect((await readPointer(given.store))?.pointer).toMatchObject({ version: "1", candidate: { version: "2" } });
});
