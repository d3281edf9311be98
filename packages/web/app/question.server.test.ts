import { expect, it } from "vitest";
import { examples } from "./examples.server.ts";
import { limits } from "./limits.ts";
import { readSubmission } from "./question.server.ts";

function submit(fields: Record<string, string>) {
  const body = new URLSearchParams(fields).toString();
  const headers = {
    "content-type": "application/x-www-form-urlencoded",
    "content-length": String(Buffer.byteLength(body)),
  };
  return readSubmission(new Request("http://site.test/?index", { method: "POST", body, headers }));
}

const refused = (fields: object) => ({ ok: false, failure: { kind: "invalid", fields } });

it("a title is enough", async () => {
  expect(await submit({ title: " Why? ", body: "" })).toMatchObject({
    fields: { values: { title: " Why? ", body: "" } },
    question: { ok: true, value: { title: "Why?", body: "" } },
  });
});

it("a refused form keeps what was typed", async () => {
  expect(await submit({ title: "  ", body: "<p>text</p>" })).toMatchObject({
    fields: { values: { title: "  ", body: "<p>text</p>" } },
    question: refused({ title: "Give your question a title." }),
  });
});

it("a form without its fields is refused like an empty one", async () => {
  const { question } = await submit({});
  expect(question).toEqual(refused({ title: "Give your question a title." }));
});

it("each field has its limit, and its error names it", async () => {
  const within = { title: "t".repeat(limits.titleCharacters), body: "b".repeat(limits.bodyCharacters) };
  expect((await submit(within)).question.ok).toBe(true);

  const { question } = await submit({ title: `${within.title}t`, body: `${within.body}b` });
  expect(question).toEqual(
    refused({
      title: "This is 1,001 characters long; at most 1,000 can be read.",
      body: "This is 100,001 characters long; at most 100,000 can be read.",
    }),
  );
});

it("a line end counts as one character, as it does on the page", async () => {
  const body = "\r\n".repeat(limits.bodyCharacters);
  expect((await submit({ title: "Why?", body })).question.ok).toBe(true);
});

it("a body of the largest characters fits into the form", async () => {
  const { question } = await submit({ title: "Why?", body: "字".repeat(limits.bodyCharacters) });
  expect(question.ok).toBe(true);
});

it.each([["1048577"], [""], ["many"]])("a form of %j bytes is not read", async (length) => {
  const body = new ReadableStream({ pull: () => expect.unreachable("the body was read") }, { highWaterMark: 0 });
  const headers: HeadersInit = length === "" ? {} : { "content-length": length };
  const request = new Request("http://site.test/?index", { method: "POST", body, headers, duplex: "half" });
  expect(await readSubmission(request)).toEqual({ question: { ok: false, failure: { kind: "too_large" } } });
});

it("what is no form is the sender's mistake", async () => {
  const headers = { "content-type": "application/json", "content-length": "2" };
  const request = new Request("http://site.test/?index", { method: "POST", body: "{}", headers });
  await expect(readSubmission(request)).rejects.toMatchObject({ status: 400 });
});

it.each(examples.map((example) => [example.title, example]))("the example %j can be asked", async (_title, example) => {
  expect((await submit({ ...example })).question).toEqual({ ok: true, value: example });
});

it("the options and the tag to explain come with the question; what makes no sense is left at its default", async () => {
  const question = { title: "Why?", body: "" };
  const { fields } = await submit({ ...question, threshold: "mine", least: "40", most: "3", explain: "python" });
  expect(fields).toMatchObject({ settings: { threshold: 0.4, most: 3 }, explain: "python" });

  const { fields: odd } = await submit({ ...question, threshold: "mine", least: "a lot", most: "-1" });
  expect(odd).toMatchObject({ settings: { threshold: "model", most: 5 }, explain: undefined });
});
