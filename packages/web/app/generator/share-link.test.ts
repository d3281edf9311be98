import { expect, it } from "vitest";
import { limits } from "../limits.ts";
import { readFragment, shareLink } from "./share-link.ts";

const page = "https://tags.example";

async function roundTrip(question: { title: string; body: string }) {
  return readFragment(new URL(await shareLink(page, question)).hash);
}

it("a link brings back the question, whatever is written in it", async () => {
  const question = { title: "Why “λ” & not '%'?", body: "<pre>\u0000\n😀\ud800</pre>" };
  expect(await roundTrip(question)).toEqual(question);
});

it("the question stands in the fragment alone, which no server gets", async () => {
  const url = new URL(await shareLink(page, { title: "secret", body: "secret" }));
  expect([url.origin, url.pathname, url.search]).toEqual([page, "/", ""]);
});

it("the largest question fits", async () => {
  const question = { title: "t".repeat(limits.titleCharacters), body: "字".repeat(limits.bodyCharacters) };
  expect(await roundTrip(question)).toEqual(question);
});

it.each(["", "#answer", "#questions=1"])("%j is no question", async (fragment) => {
  expect(await readFragment(fragment)).toBeUndefined();
});

it("a link that was cut, made up or packed to burst is refused", async () => {
  const { hash } = new URL(await shareLink(page, { title: "a title that is long enough to be cut", body: "" }));
  const bomb = new URL(await shareLink(page, { title: "", body: "0".repeat(3_000_000) })).hash;
  for (const broken of [hash.slice(0, -6), "#question=%", "#question=AAAA", bomb]) {
    await expect(readFragment(broken)).rejects.toThrow();
  }
});
