import { expect, it } from "vitest";
import { gather } from "./gather.ts";

it("yields what came before a stream broke off, then fails as the stream did", async () => {
  const seen: number[] = [];
  const read = async () => {
    for await (const batch of gather(broken(), 4)) seen.push(...batch.flatMap((chunk) => [...chunk]));
  };
  await expect(read()).rejects.toThrow("broken off");
  expect(seen).toEqual([1, 2, 3, 4, 5, 6]);
});

async function* broken(): AsyncGenerator<Uint8Array> {
  yield Uint8Array.of(1, 2, 3);
  yield Uint8Array.of(4, 5);
  yield Uint8Array.of(6);
  await Promise.reject(new Error("broken off"));
}
