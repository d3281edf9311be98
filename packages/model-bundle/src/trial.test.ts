import { describe, expect } from "vitest";
import { tinyBundle } from "../test/tiny-bundle.ts";
import { itWithStore, type StoreTest } from "../test/with-store.ts";
import { POINTER_KEY } from "./layout.ts";
import { readPointer } from "./pointer.ts";
import { publish } from "./publish.ts";
import { promote, rollback, seed, type Release } from "./release.ts";
import { startTrial, stopTrial } from "./trial.ts";

const canary = { mode: "canary", share: 0.1 } as const;

async function threeVersions({ store }: StoreTest): Promise<[Release, Release, Release]> {
  const [one, two, three] = await Promise.all(
    ["1", "2", "3"].map(async (version) => publish(store, await tinyBundle({ version }))),
  );
  if (!one || !two || !three) throw new Error("not published");
  await promote(store, one);
  return [one, two, three];
}

const pointerOf = async ({ store }: StoreTest) => (await readPointer(store))?.pointer;

describe("a trial", () => {
  itWithStore("stands beside the release in use, which stays as it was", async (given) => {
    const [, two] = await threeVersions(given);
    const before = await pointerOf(given);
    await startTrial(given.store, two, { mode: "shadow", share: 0.5, by: "Ada" });
    const { candidate, ...rest } = (await pointerOf(given)) ?? {};
    expect(rest).toEqual(before);
    expect(candidate).toMatchObject({ name: "tiny", version: "2", manifest_sha256: two.manifestSha256 });
    expect(candidate).toMatchObject({ mode: "shadow", share: 0.5, started_by: "Ada" });
  });

  itWithStore("takes the place of the one before, and is stopped", async (given) => {
    const [, two, three] = await threeVersions(given);
    await startTrial(given.store, two, canary);
    await startTrial(given.store, three, canary);
    expect(await stopTrial(given.store)).toEqual(three);
    expect(await pointerOf(given)).not.toHaveProperty("candidate");
    await expect(stopTrial(given.store)).rejects.toMatchObject({ code: "no_trial" });
  });

  itWithStore("ends with a promotion and with a rollback, whichever release these are of", async (given) => {
    const [, two, three] = await threeVersions(given);
    for (const release of [two, three]) {
      await startTrial(given.store, two === release ? two : three, canary);
      await promote(given.store, release);
      expect(await pointerOf(given)).not.toHaveProperty("candidate");
    }
    await startTrial(given.store, two, canary);
    const before = await pointerOf(given);
    await promote(given.store, three); // in use already
    expect(await pointerOf(given)).toEqual({ ...before, candidate: undefined });
    await startTrial(given.store, two, canary);
    await rollback(given.store);
    expect(await pointerOf(given)).not.toHaveProperty("candidate");
  });

  itWithStore("goes on while a deployment seeds what is in use already", async (given) => {
    await seed(given.store, await tinyBundle({ version: "1" }));
    await startTrial(given.store, await publish(given.store, await tinyBundle({ version: "2" })), canary);
    await seed(given.store, await tinyBundle({ version: "1" }));
    expect(await pointerOf(given)).toMatchObject({ version: "1", candidate: { version: "2" } });
  });

  itWithStore("goes on while a deployment seeds what an operator's choice is kept from", async (given) => {
    const [, two] = await threeVersions(given);
    await startTrial(given.store, two, canary);
    await seed(given.store, await tinyBundle({ version: "9" }));
    expect(await pointerOf(given)).toMatchObject({ version: "1", candidate: { version: "2" } });
  });

  itWithStore("of what is in use, of what isn't there, or of nothing is refused", async (given) => {
    await expect(startTrial(given.store, await publish(given.store, await tinyBundle()), canary)).rejects.toMatchObject(
      {
        code: "not_found",
        message: expect.stringContaining("no model in use") as string,
      },
    );
    const [one] = await threeVersions(given);
    await expect(startTrial(given.store, one, canary)).rejects.toMatchObject({ code: "conflict" });
    await expect(startTrial(given.store, { ...one, version: "7" }, canary)).rejects.toMatchObject({
      code: "not_found",
    });
  });

  itWithStore("of what can't be asked the same as what is in use is refused", async ({ store }) => {
    const rowsOf = async (version: string, columns: string[]) => {
      const { folder, manifest } = await tinyBundle({ name: "rows", version });
      const examples = [{ floats: columns.map(() => 0), probabilities: [0, 0, 0] }];
      const input = { kind: "floats", name: "x", columns } as const;
      return publish(store, { folder, manifest: { ...manifest, input, golden: { ...manifest.golden, examples } } });
    };
    const [questions, pairs] = [await publish(store, await tinyBundle()), await rowsOf("1", ["a", "b"])];
    await promote(store, questions);
    await expect(startTrial(store, pairs, canary)).rejects.toMatchObject({
      code: "conflict",
      message: "rows@1 is not tried out: it can't be asked what tiny@1, which is in use, is asked",
    });
    await promote(store, pairs);
    for (const other of [questions, await rowsOf("2", ["a", "b", "c"])]) {
      await expect(startTrial(store, other, canary)).rejects.toMatchObject({ code: "conflict" });
    }
    const alike = await rowsOf("3", ["c", "d"]);
    expect(await startTrial(store, alike, canary)).toEqual(alike);
  });

  itWithStore("that somebody started meanwhile is named to whoever decides on the state before", async (given) => {
    const [, two, three] = await threeVersions(given);
    const seen = (await readPointer(given.store))?.etag ?? "";
    await startTrial(given.store, two, { ...canary, by: "Ada" });
    const meanwhile = expect.stringContaining("meanwhile a trial of tiny@2 was started, by Ada at") as string;
    for (const decide of [
      () => startTrial(given.store, three, { ...canary, seen }),
      () => promote(given.store, three, { seen }),
      () => stopTrial(given.store, { seen }),
    ]) {
      await expect(decide()).rejects.toMatchObject({ code: "conflict", message: meanwhile });
    }
    expect(await pointerOf(given)).toMatchObject({ version: "1", candidate: { version: "2" } });
  });

  itWithStore(
    "that another decision ended or replaced first was not stopped, and how it is now is told",
    async (given) => {
      const [one, two, three] = await threeVersions(given);
      const lose = async (decide: () => Promise<unknown>, first: () => Promise<unknown>) => {
        await startTrial(given.store, two, canary);
        given.faults.add({ kind: "meanwhile", action: first }, { key: POINTER_KEY, operation: "PutObject" });
        return decide().catch((error: unknown) => error);
      };
      const stop = () => stopTrial(given.store);
      const conflict = (message: string) => ({ code: "conflict", message: expect.stringContaining(message) as string });
      expect(await lose(() => promote(given.store, three), stop)).toMatchObject(
        conflict("tiny@3 was not promoted: somebody else was faster, and tiny@1 is in use, promoted by operator at"),
      );
      expect(await lose(stop, () => promote(given.store, three, { by: "Ada" }))).toMatchObject(
        conflict(
          "the trial of tiny@2 was not stopped: somebody else was faster, and tiny@3 is in use, promoted by Ada at",
        ),
      );
      expect(await lose(stop, () => startTrial(given.store, one, { ...canary, by: "Bob" }))).toMatchObject(
        conflict("the trial of tiny@2 was not stopped: meanwhile a trial of tiny@1 was started, by Bob at"),
      );
    },
  );
});
