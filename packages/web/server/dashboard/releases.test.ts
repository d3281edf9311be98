import { find, seed } from "@tagsmith/model-bundle/release";
import { publish } from "@tagsmith/model-bundle/publish";
import { tinyBundle } from "@tagsmith/model-bundle/test/tiny-bundle";
import { itWithStore, type StoreTest } from "@tagsmith/model-bundle/test/with-store";
import { startTrial } from "@tagsmith/model-bundle/trial";
import { expect } from "vitest";
import { Releases } from "./releases.ts";

const tiny = (version: string) => ({ name: "tiny", version });

/** A store with a seeded version and a newer one, and what the page that shows it knows. */
async function twoVersions({ store }: StoreTest) {
  await seed(store, await tinyBundle({ version: "1" }));
  await publish(store, await tinyBundle({ version: "2" }));
  const releases = new Releases(store);
  const read = async () => {
    const state = await releases.read();
    if (!state.ok) throw new Error(state.failure.message);
    return state.value;
  };
  return { releases, read };
}

itWithStore("lists what is published, what is in use, and who put it there when", async (given) => {
  const { read } = await twoVersions(given);
  const { versions, promotions } = await read();
  expect(versions.map(({ id, isCurrent }) => [id, isCurrent]).sort()).toEqual([
    ["tiny@1", true],
    ["tiny@2", false],
  ]);
  expect(promotions).toMatchObject([{ id: "tiny@1", by: "seed" }]);
  expect(Date.parse(promotions[0]?.at ?? "")).toBeLessThanOrEqual(Date.now());
});

itWithStore("promotes and goes back under the admin's name", async (given) => {
  const { releases, read } = await twoVersions(given);
  const { seen } = await read();
  expect(await releases.promote(tiny("2"), { by: "Ada", seen })).toEqual({ ok: true, value: "tiny@2" });
  const promoted = await read();
  expect(promoted.promotions).toMatchObject([
    { id: "tiny@2", by: "Ada" },
    { id: "tiny@1", by: "seed" },
  ]);
  expect(await releases.rollback({ by: "Bob", seen: promoted.seen })).toEqual({ ok: true, value: "tiny@1" });
  expect((await read()).promotions).toMatchObject([{ id: "tiny@1", by: "Bob" }]);
});

itWithStore("names what it goes back to, never the one in use", async (given) => {
  const { releases, read } = await twoVersions(given);
  await releases.promote(tiny("1"), { by: "Ada", seen: (await read()).seen });
  expect(await read()).toMatchObject({ promotions: [{ by: "Ada" }, { by: "seed" }], previous: undefined });
  for (const by of ["Ada", "Bob"]) await releases.promote(tiny("2"), { by, seen: (await read()).seen });
  const { seen, previous } = await read();
  expect(previous).toBe("tiny@1");
  expect(await releases.rollback({ by: "Cleo", seen })).toEqual({ ok: true, value: previous });
});

itWithStore("lets the second of two admins know what the first one did, and changes nothing", async (given) => {
  const { releases, read } = await twoVersions(given);
  const { seen } = await read();
  await releases.promote(tiny("2"), { by: "Ada", seen });
  const refused = await releases.promote(tiny("1"), { by: "Bob", seen });
  expect(refused).toMatchObject({
    ok: false,
    failure: { code: "conflict", message: expect.stringContaining("tiny@2 is in use, promoted by Ada at") as string },
  });
  expect(await releases.rollback({ by: "Bob", seen })).toMatchObject({ ok: false, failure: { code: "conflict" } });
  expect((await read()).promotions[0]).toMatchObject({ id: "tiny@2", by: "Ada" });
});

itWithStore("says why a version that isn't there can't be promoted", async (given) => {
  const { releases, read } = await twoVersions(given);
  const { seen } = await read();
  expect(await releases.promote(tiny("9"), { by: "Ada", seen })).toMatchObject({
    ok: false,
    failure: { code: "not_found" },
  });
  expect(await releases.rollback({ by: "Ada", seen })).toMatchObject({ ok: false, failure: { code: "no_previous" } });
});

itWithStore("shows what is on trial, and stops it, unless somebody was faster", async (given) => {
  const { releases, read } = await twoVersions(given);
  const { seen } = await read();
  const release = await find(given.store, tiny("2"));
  await startTrial(given.store, release, { mode: "canary", share: 0.1, by: "Ada" });
  const state = await read();
  expect(state.trial).toMatchObject({ id: "tiny@2", mode: "canary", share: 0.1, by: "Ada" });
  expect(await releases.stopTrial({ by: "Bob", seen })).toMatchObject({ ok: false, failure: { code: "conflict" } });
  expect(await releases.stopTrial({ by: "Bob", seen: state.seen })).toEqual({ ok: true, value: "tiny@2" });
  expect((await read()).trial).toBeUndefined();
});
