import { randomBytes } from "node:crypto";
import { access } from "node:fs/promises";
import { join } from "node:path";
import type { Worker } from "node:worker_threads";
import { afterEach, beforeEach, describe, expect } from "vitest";
import { tinyBundle } from "../test/tiny-bundle.ts";
import { itWithStore, type StoreTest } from "../test/with-store.ts";
import { downloadBundle, type TransferOptions } from "./download.ts";
import { HASH_THREAD_BYTES } from "./front-hash.ts";
import { fileKey } from "./layout.ts";
import { publish } from "./publish.ts";

const KEY = fileKey({ name: "tiny", version: "1" }, "large.bin");
const large = randomBytes(HASH_THREAD_BYTES);

/** What happens to each thread as soon as it has been started, and all of them. */
let onThread: (thread: Worker) => void;
let threads: Worker[];
const seeThread = (thread: Worker) => {
  threads.push(thread);
  onThread(thread);
};
const running = () => threads.filter(({ threadId }) => threadId !== -1);

beforeEach(() => {
  onThread = () => undefined;
  threads = [];
  process.on("worker", seeThread);
});
afterEach(() => process.off("worker", seeThread));

describe("a file that is large enough for a thread that hashes", () => {
  itWithStore("is refused with 50 flipped bytes, and taken without; no thread is left", async (given) => {
    const load = await publishLarge(given);
    given.faults.add({ kind: "corrupt", atByte: 4_000_000, bytes: 50 }, { key: KEY, operation: "GetObject", skip: 3 });
    await expect(load()).rejects.toMatchObject({ code: "hash_mismatch" });
    await load();
    expect(threads).toHaveLength(2);
    expect(running()).toEqual([]);
  });

  itWithStore("is not taken unhashed when the thread dies, and leaves no folder", async (given) => {
    const load = await publishLarge(given);
    onThread = (thread) => void thread.terminate();
    await expect(load()).rejects.toThrow("the thread that hashes has ended");
    await expect(access(folderOf(given))).rejects.toThrow("ENOENT");
    onThread = () => undefined;
    await load();
  });

  itWithStore("takes its thread along when the download is stopped in the middle", async (given) => {
    const load = await publishLarge(given);
    const stop = new AbortController();
    const onProgress = ({ bytesLoaded }: { bytesLoaded: number }) => bytesLoaded > large.length / 2 && stop.abort();
    await expect(load({ signal: stop.signal, onProgress })).rejects.toMatchObject({ code: "aborted" });
    expect(threads).toHaveLength(1);
    expect(running()).toEqual([]);
    await expect(access(folderOf(given))).rejects.toThrow("ENOENT");
  });
});

/** Resolves to what downloads it into the test's own folder. */
async function publishLarge(given: StoreTest) {
  const bundle = await tinyBundle({ extraFiles: new Map([["large.bin", large]]) });
  const release = await publish(given.store, bundle);
  return (options: TransferOptions = {}) => downloadBundle(given.store, release, folderOf(given), options);
}

const folderOf = ({ dir }: StoreTest) => join(dir, "loaded");
