import { describe, expect, it } from "vitest";
import { readFeedback, takeFeedback } from "./feedback.server.ts";

const question = { title: "How do I sort?", body: "In Python." };
const form = {
  ...question,
  model_name: "tiny",
  model_version: "1",
  tag: ["python", "css"],
  "rating-python": "up",
  "rating-css": "down",
  added: " Pandas, [numpy] python",
};
const now = new Date("2026-11-25T10:11:12.345Z");

function requestOf(fields: Readonly<Record<string, string | readonly string[]>>) {
  const body = new URLSearchParams(
    Object.entries(fields).flatMap(([name, value]) => [value].flat().map((one) => [name, one])),
  );
  const headers = { "content-length": String(Buffer.byteLength(body.toString())) };
  return new Request("http://site.test/feedback", { method: "POST", body, headers });
}

const submit = (fields: Parameters<typeof requestOf>[0]) => readFeedback(requestOf(fields), now);

const given = {
  schema_version: 1,
  given_at: "2026-11-25T10:11:12.345Z",
  model: { name: "tiny", version: "1" },
  question_sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
  accepted: ["python"],
  rejected: ["css"],
  added: ["pandas", "numpy"],
};

it("holds no text of the question unless its writer wants it kept", async () => {
  const submitted = await submit(form);
  expect(submitted.given).toEqual(given);
  expect(JSON.stringify(submitted.given)).not.toContain("sort");
});

it("holds the text where its writer wants it kept", async () => {
  expect((await submit({ ...form, keep_text: "yes" })).given).toEqual({ ...given, question });
});

it("a tag that nobody judged is in no list", async () => {
  const { given: some } = await submit({ ...form, "rating-css": "" });
  expect(some).toMatchObject({ accepted: ["python"], rejected: [] });
});

it.each([
  ['"Machine Learning" pandas,"data  science"', ["machine learning", "pandas", "data  science"]],
  ["“machine learning” „deep learning“", ["machine learning", "deep learning"]],
  ['"machine learning', ["machine", "learning"]],
  ['"" " " pandas', ["pandas"]],
])("a missing tag of several words is told by its quotes: %s", async (added, tags) => {
  expect((await submit({ ...form, added })).given).toMatchObject({ added: tags });
});

it("a tag that is shown with capitals is not missing in small letters", async () => {
  const { given: said } = await submit({ ...form, tag: ["Python"], "rating-Python": "down", added: "python numpy" });
  expect(said).toMatchObject({ rejected: ["Python"], added: ["numpy"] });
});

it("one of very many tags can be judged, however long its name", async () => {
  const tags = Array.from({ length: 60 }, (_, at) => `${at}`.padStart(200, "t"));
  const { given: one } = await submit({ ...form, tag: tags, [`rating-${tags[7] ?? ""}`]: "up", added: "" });
  expect(one).toMatchObject({ accepted: [tags[7]], rejected: [] });
});

it.each([
  ["nothing", { ...form, "rating-python": "", "rating-css": "", added: " , " }, /Judge a tag/],
  ["a tag that is none", { ...form, added: "t".repeat(201) }, /at most 200 characters/],
  [
    "more tags than anybody judges",
    { ...form, added: Array.from({ length: 51 }, (_, at) => `t${at}`).join() },
    /At most 50/,
  ],
  ["no question", { ...form, title: "" }, /question/],
])("%s is refused with the reason, and what was typed is kept", async (_name, fields, reason) => {
  const submitted = await submit(fields);
  expect(submitted.given).toEqual({ reason: expect.stringMatching(reason) as string });
  expect(submitted.values?.added).toBe(fields.added);
});

describe("whoever gives it", () => {
  type Context = Parameters<typeof takeFeedback>[0]["context"];
  type Desk = Pick<NonNullable<Context["feedback"]>, "take">;
  const take = (feedback: Desk | undefined) =>
    takeFeedback({ request: requestOf(form), context: { feedback, clientAddress: "192.0.2.1" } as Context });

  it("is thanked only where it is stored", async () => {
    const { outcome, init } = await take({ take: () => Promise.resolve({ kind: "stored" }) });
    expect([outcome.kind, init.status]).toEqual(["stored", 200]);
    const nowhere = await take(undefined);
    expect([nowhere.outcome.kind, nowhere.init.status]).toEqual(["failed", 503]);
  });

  it("is told when to give more, by address", async () => {
    const retryAfterSeconds = (address: string) => (address === "192.0.2.1" ? 7 : 0);
    const desk: Desk = {
      take: (_given, address) => Promise.resolve({ kind: "limited", retryAfterSeconds: retryAfterSeconds(address) }),
    };
    expect((await take(desk)).init).toEqual({ status: 429, headers: { "Retry-After": "7" } });
  });
});
