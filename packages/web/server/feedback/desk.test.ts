import { setImmediate } from "node:timers/promises";
import { type Feedback, parseFeedback } from "@tagsmith/model-bundle/feedback";
import { expect, it, vi } from "vitest";
import { FeedbackDesk } from "./desk.ts";

const given = (tag: string): Feedback => ({
  schema_version: 1,
  given_at: new Date().toISOString(),
  model: { name: "tiny", version: "1" },
  question_sha256: "0".repeat(64),
  accepted: [tag],
  rejected: [],
  added: [],
});

class FakeStore {
  readonly objects = new Map<string, string>();
  isBroken = false;

  write(key: string, body: string): Promise<void> {
    if (this.isBroken) return Promise.reject(new Error("s3://models/feedback: the store can't be reached"));
    this.objects.set(key, body);
    return Promise.resolve();
  }

  get tags(): string[] {
    const lines = [...this.objects.values()].flatMap((body) => body.trimEnd().split("\n"));
    return lines.flatMap((line) => parseFeedback(line, "stored").accepted);
  }
}

const roomy = { ofOneAddress: 100, ofAll: 100, windowSeconds: 60 };

it("what comes together is stored as one object, and every sender's answer comes after it", async () => {
  const store = new FakeStore();
  const desk = new FeedbackDesk(store, roomy);
  const tags = ["a", "b", "c"];
  const outcomes = tags.map(async (tag) => {
    const outcome = await desk.take(given(tag), "1.2.3.4");
    expect(store.tags).toContain(tag);
    return outcome.kind;
  });
  expect(await Promise.all(outcomes)).toEqual(["stored", "stored", "stored"]);
  expect(store.tags).toEqual(tags);
  expect([...store.objects.keys()]).toEqual([
    expect.stringMatching(/^feedback\/date=\d{4}-\d\d-\d\d\/\d{9}-.+\.jsonl$/),
  ]);
});

it("who comes later gets an object of his own: nothing is overwritten", async () => {
  const store = new FakeStore();
  const desk = new FeedbackDesk(store, roomy);
  await desk.take(given("a"), "1.2.3.4");
  await desk.take(given("b"), "1.2.3.4");
  expect(store.objects.size).toBe(2);
  expect(store.tags).toEqual(["a", "b"]);
});

it("a store that fails is told and logged without a word of the feedback; the next one is taken again", async () => {
  const log = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const store = new FakeStore();
  const desk = new FeedbackDesk(store, roomy);
  store.isBroken = true;
  expect(await desk.take(given("secret"), "1.2.3.4")).toEqual({ kind: "failed" });
  const logged = log.mock.calls.join();
  log.mockRestore();
  expect(logged).toContain("can't be reached");
  expect(logged).not.toMatch(/secret|1\.2\.3\.4/);
  store.isBroken = false;
  expect(await desk.take(given("a"), "1.2.3.4")).toEqual({ kind: "stored" });
});

it("closing waits until what is pending is written", async () => {
  const store = new FakeStore();
  const desk = new FeedbackDesk(store, roomy);
  const taken = desk.take(given("a"), "1.2.3.4");
  await setImmediate(); // its address has been looked at by then
  await desk.close();
  expect(store.tags).toEqual(["a"]);
  expect(await taken).toEqual({ kind: "stored" });
});

it("one address has its limit, and all together have theirs", async () => {
  const store = new FakeStore();
  const desk = new FeedbackDesk(store, { ofOneAddress: 2, ofAll: 3, windowSeconds: 60 });
  const kindOf = async (address: string) => (await desk.take(given("a"), address)).kind;
  expect([await kindOf("1.1.1.1"), await kindOf("1.1.1.1"), await kindOf("1.1.1.1")]).toEqual([
    "stored",
    "stored",
    "limited",
  ]);
  expect([await kindOf("2.2.2.2"), await kindOf("3.3.3.3")]).toEqual(["stored", "limited"]);
  expect(await desk.take(given("a"), "1.1.1.1")).toMatchObject({ kind: "limited", retryAfterSeconds: 60 });
  expect(store.tags).toHaveLength(3);
});
