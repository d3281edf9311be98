import { describe, expect } from "vitest";
import { publishTiny, tinyBundle } from "../test/tiny-bundle.ts";
import { itWithStore } from "../test/with-store.ts";
import { fileKey, manifestKey, POINTER_KEY, versionId } from "./layout.ts";
import { readPointer } from "./pointer.ts";
import { current, list, promote, rollback, seed } from "./release.ts";

describe("promoting", () => {
  itWithStore("remembers the last twenty, however often somebody promotes", async (given) => {
    const [one, two] = [await publishTiny(given.store), await publishTiny(given.store, { version: "2" })];
    for (let time = 0; time < 12; time++) for (const release of [one, two]) await promote(given.store, release);
    const { pointer } = (await readPointer(given.store)) ?? {};
    expect(pointer?.history.map(({ version }) => version)).toEqual(Array.from({ length: 10 }, () => ["1", "2"]).flat());
  });

  itWithStore("points to the release and keeps those before it, newest first", async (given) => {
    expect(await current(given.store)).toBeUndefined();
    for (const version of ["1", "2", "3"]) await promote(given.store, await publishTiny(given.store, { version }));
    const { pointer } = (await readPointer(given.store)) ?? {};
    expect(pointer).toMatchObject({ name: "tiny", version: "3", promoted_by: "operator" });
    expect(pointer?.history.map(({ version }) => version)).toEqual(["2", "1"]);
  });

  itWithStore("changes nothing when the release is in use already", async (given) => {
    const release = await publishTiny(given.store);
    await promote(given.store, release);
    const before = await readPointer(given.store);
    await promote(given.store, release);
    expect(await readPointer(given.store)).toEqual(before);
  });

  itWithStore("refuses a release whose file is missing or of another size", async (given) => {
    const release = await publishTiny(given.store);
    await given.store.write(fileKey(release, "model.onnx"), "short");
    await expect(promote(given.store, release)).rejects.toMatchObject({
      code: "hash_mismatch",
      message: expect.stringContaining("model.onnx of tiny@1 has 5 bytes in the store") as string,
    });
    const missing = { name: "tiny", version: "9", manifestSha256: release.manifestSha256 };
    await expect(promote(given.store, missing)).rejects.toMatchObject({ code: "not_found" });
    expect(await current(given.store)).toBeUndefined();
  });

  itWithStore("has one winner in a race, and tells the loser who won", async (given) => {
    const releases = [];
    for (const version of ["1", "2"]) releases.push(await publishTiny(given.store, { version }));
    // Both have read the store, without a pointer, before either writes it.
    let waiting = 0;
    let open = (): void => undefined;
    const both = new Promise<void>((resolve) => (open = resolve));
    const meet = () => (++waiting === 2 && open(), both);
    given.faults.add({ kind: "meanwhile", action: meet }, { key: POINTER_KEY, operation: "PutObject", times: 2 });
    const results = await Promise.allSettled(releases.map((release) => promote(given.store, release)));
    const [winner] = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
    const [loser] = results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []));
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await current(given.store)).toEqual(winner);
    expect(loser).toMatchObject({
      code: "conflict",
      message: expect.stringContaining(`tiny@${winner?.version ?? ""} is in use, promoted by operator`) as string,
    });
  });

  itWithStore("replaces what can't be read by force only, and says so", async (given) => {
    const release = await publishTiny(given.store);
    for (const broken of ["no JSON", "{}"]) {
      await given.store.write(POINTER_KEY, broken);
      await expect(promote(given.store, release)).rejects.toMatchObject({
        code: "invalid_pointer",
        message: expect.stringMatching(/^models\/current\.json.*promote --force/s) as string,
      });
      await promote(given.store, release, { force: true });
      expect(await readPointer(given.store)).toMatchObject({ pointer: { version: "1", history: [] } });
    }
  });

  itWithStore("refuses a decision on what is no longer so, and tells who came first", async (given) => {
    const [first, second] = [
      await publishTiny(given.store, { version: "1" }),
      await publishTiny(given.store, { version: "2" }),
    ];
    await promote(given.store, first);
    const { etag: seen = "" } = (await readPointer(given.store)) ?? {};
    await promote(given.store, second, { by: "Ada", seen });
    const refused = {
      code: "conflict",
      message: expect.stringContaining("tiny@2 is in use, promoted by Ada at") as string,
    };
    await expect(promote(given.store, first, { by: "Bob", seen })).rejects.toMatchObject(refused);
    await expect(rollback(given.store, { by: "Bob", seen })).rejects.toMatchObject(refused);
    expect(await current(given.store)).toEqual(second);
  });

  itWithStore("remembers who promoted each release and who rolled back", async (given) => {
    await seed(given.store, await tinyBundle({ version: "1" }));
    await promote(given.store, await publishTiny(given.store, { version: "2" }), { by: "Ada" });
    await rollback(given.store, { by: "Bob" });
    await promote(given.store, await publishTiny(given.store, { version: "3" }));
    const { pointer } = (await readPointer(given.store)) ?? {};
    expect(pointer).toMatchObject({ version: "3", promoted_by: "operator" });
    expect(pointer?.history).toMatchObject([{ version: "1", promoted_by: "Bob" }]);
  });

  itWithStore("succeeds when the answer to its write is lost", async (given) => {
    const release = await publishTiny(given.store);
    given.faults.add({ kind: "drop", afterBytes: 0 }, { key: POINTER_KEY, operation: "PutObject" });
    await promote(given.store, release);
    expect((await readPointer(given.store))?.pointer).toMatchObject({ version: "1", history: [] });
  });
});

describe("rolling back", () => {
  itWithStore("goes back one release each time, and says when there is none", async (given) => {
    await expect(rollback(given.store)).rejects.toThrow("nothing has been promoted");
    for (const version of ["1", "2", "3"]) await promote(given.store, await publishTiny(given.store, { version }));
    expect(await rollback(given.store)).toMatchObject({ version: "2" });
    expect(await rollback(given.store)).toMatchObject({ version: "1" });
    await expect(rollback(given.store)).rejects.toMatchObject({
      code: "no_previous",
      message: expect.stringContaining("tiny@1 is the first") as string,
    });
    expect(await current(given.store)).toMatchObject({ version: "1" });
  });

  itWithStore("refuses to go back to what is no longer complete, and stays where it is", async (given) => {
    const first = await publishTiny(given.store);
    const second = await publishTiny(given.store, { version: "2" });
    for (const release of [first, second]) await promote(given.store, release);
    await given.store.write(fileKey(first, "model.onnx"), "short");
    await expect(rollback(given.store)).rejects.toMatchObject({ code: "hash_mismatch" });
    expect(await current(given.store)).toEqual(second);
  });

  itWithStore("never goes back to what is in use, however often that was promoted", async (given) => {
    const first = await seed(given.store, await tinyBundle({ version: "1" }));
    await promote(given.store, first);
    await expect(rollback(given.store)).rejects.toMatchObject({ code: "no_previous" });
    const second = await publishTiny(given.store, { version: "2" });
    for (const by of ["Ada", "Bob", "Cleo"]) await promote(given.store, second, { by });
    expect(await rollback(given.store)).toEqual(first);
    await expect(rollback(given.store)).rejects.toMatchObject({ code: "no_previous" });
  });
});

describe("listing", () => {
  itWithStore("shows complete versions only, with their sizes", async (given) => {
    expect(await list(given.store)).toEqual([]);
    await publishTiny(given.store, { version: "1" });
    const other = await publishTiny(given.store, { name: "other" });
    await given.store.write("models/tiny/2/model.onnx", "an upload that never ended");
    const { text } = await given.store.readText(manifestKey(other));
    const files = (JSON.parse(text) as { files: { bytes: number }[] }).files;
    expect(await list(given.store)).toMatchObject([
      {
        name: "other",
        version: "1",
        bytes: files.reduce((sum, { bytes }) => sum + bytes, text.length),
      },
      { name: "tiny", version: "1" },
    ]);
  });

  itWithStore("goes by name, and of each name the newest comes first", async (given) => {
    for (const version of ["1", "2"]) for (const name of ["b", "a"]) await publishTiny(given.store, { name, version });
    expect((await list(given.store)).map(versionId)).toEqual(["a@2", "a@1", "b@2", "b@1"]);
  });
});
