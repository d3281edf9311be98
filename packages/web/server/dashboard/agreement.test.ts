import { feedbackKey, feedbackLine, type Feedback } from "@tagsmith/model-bundle/feedback";
import { itWithStore } from "@tagsmith/model-bundle/test/with-store";
import { expect, vi } from "vitest";
import { Agreement } from "./agreement.ts";

const now = Date.parse("2026-11-25T12:00:00Z");
const line = (judged: Partial<Feedback>) =>
  feedbackLine({
    schema_version: 1,
    given_at: "2026-11-25T10:00:00.000Z",
    model: { name: "tiny", version: "1" },
    question_sha256: "0".repeat(64),
    accepted: [],
    rejected: [],
    added: [],
    ...judged,
  });
const at = (time: string) => feedbackKey(new Date(time), "x");

itWithStore("adds up what was said on each of the last seven days", async ({ store }) => {
  const first = line({ accepted: ["python", "list"], rejected: ["css"] });
  await store.write(at("2026-11-25T09:00:00Z"), first + line({ accepted: ["git"], added: ["rebase"] }));
  await store.write(at("2026-11-19T00:00:00Z"), line({ rejected: ["css"] }));
  await store.write(at("2026-11-18T23:59:59Z"), line({ accepted: ["of", "old"] }));
  const days = (await new Agreement(store, () => now).read()) ?? [];
  expect(days).toHaveLength(7);
  expect(days[0]).toEqual({ date: "2026-11-19", accepted: 0, rejected: 1, added: 0 });
  expect(days[6]).toEqual({ date: "2026-11-25", accepted: 3, rejected: 1, added: 1 });
});

itWithStore("tells the versions apart that gave the tags", async ({ store }) => {
  const other = { model: { name: "tiny", version: "2" } };
  await store.write(at("2026-11-25T09:00:00Z"), line({ accepted: ["git"] }) + line({ ...other, rejected: ["css"] }));
  await store.write(at("2026-11-24T09:00:00Z"), line({ ...other, accepted: ["css", "git"], added: ["c"] }));
  expect(await new Agreement(store, () => now).readVersions()).toEqual({
    "tiny@1": { accepted: 1, rejected: 0, added: 0 },
    "tiny@2": { accepted: 2, rejected: 1, added: 1 },
  });
});

itWithStore("reads each object once, and finds what came since half a minute later", async ({ store, faults }) => {
  let time = now;
  const agreement = new Agreement(store, () => time);
  await store.write(at("2026-11-25T09:00:00Z"), line({ accepted: ["python"] }));
  await agreement.read();
  await store.write(at("2026-11-25T10:00:00Z"), line({ accepted: ["css"] }));
  expect((await agreement.read())?.at(-1)).toMatchObject({ accepted: 1 });
  time += 30_000;
  expect((await agreement.read())?.at(-1)).toMatchObject({ accepted: 2 });
  expect(faults.seen.filter(({ operation }) => operation === "GetObject")).toHaveLength(2);
});

itWithStore("a line that is no feedback is logged and left out", async ({ store }) => {
  const logged = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  await store.write(at("2026-11-25T09:00:00Z"), `not json\n${line({ accepted: ["python"] })}`);
  const days = await new Agreement(store, () => now).read();
  const log = logged.mock.calls.join();
  logged.mockRestore();
  expect(days?.at(-1)).toMatchObject({ accepted: 1 });
  expect(log).toContain("date=2026-11-25/090000000-x.jsonl:1");
  expect(log.split("could not be read")).toHaveLength(2);
});

itWithStore("a bucket that can't be read is logged, and asked again half a minute later", async ({ store, faults }) => {
  const logged = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  let time = now;
  const agreement = new Agreement(store, () => time);
  faults.add({ kind: "slow-down" }, { times: Infinity });
  expect([await agreement.read(), await agreement.readVersions()]).toEqual([undefined, undefined]);
  expect(logged.mock.calls.join()).toContain("Feedback could not be read.");
  logged.mockRestore();
  faults.clear();
  time += 30_000;
  expect(await agreement.read()).toHaveLength(7);
});
