import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { forget, forgetAll, history, remember } from "./history.ts";

/** A device with room for so many characters. */
function device(room: number) {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => {
      if (text.length > room) throw new Error("QuotaExceededError");
      kept.set(key, text);
    },
  };
}

const asked = (title: string) => ({ title, body: "", tags: ["python"], at: `2026-01-01T00:00:00.${title}Z` });
const titles = () => history.read().map(({ title }) => title);

beforeEach(() => vi.stubGlobal("localStorage", device(100_000)));
afterEach(() => vi.unstubAllGlobals());

it("the latest question comes first, and the same one stands once", () => {
  for (const title of ["one", "two", "one"]) remember(asked(title));
  expect(titles()).toEqual(["one", "two"]);
});

it("the oldest go when there are more than twenty", () => {
  for (let index = 0; index < 25; index++) remember(asked(String(index)));
  expect(titles()).toHaveLength(20);
  expect(titles()[0]).toBe("24");
});

it("the oldest go when the device has no room", () => {
  vi.stubGlobal("localStorage", device(180));
  for (const title of ["one", "two", "three", "four"]) remember(asked(title));
  expect(titles()).toEqual(["four", "three"]);
});

it("one can be deleted, and all", () => {
  for (const title of ["one", "two", "three"]) remember(asked(title));
  forget(asked("two"));
  expect(titles()).toEqual(["three", "one"]);
  forgetAll();
  expect(titles()).toEqual([]);
});

it("what something else has kept in its place is left out", () => {
  localStorage.setItem("questions", JSON.stringify([asked("one"), { title: 3 }, null]));
  expect(titles()).toEqual(["one"]);
  localStorage.setItem("questions", "{broken");
  expect(titles()).toEqual([]);
});
