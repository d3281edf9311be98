import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { FEEDBACK_PREFIX, parseFeedback } from "@tagsmith/model-bundle/feedback";
import { interrupted } from "../aws/command.ts";
import { freePort, startWeb } from "../process.ts";
import { type Asked, Load } from "./load.ts";
import type { Row } from "./row.ts";
import { Service } from "./service.ts";
import { Site } from "./site.ts";

const form = { "content-type": "application/x-www-form-urlencoded" };

const askThePage = (title: string): Asked => ({
  path: "/?index",
  headers: form,
  body: new URLSearchParams({ title, body: "" }).toString(),
  judge: ({ status, text }) => {
    const keepsTheText = text.includes(`value="${title}"`);
    if (status === 200 && keepsTheText && /Suggested tags.*?python/s.test(text)) return "answered";
    return status === 503 && keepsTheText ? "refused" : undefined;
  },
});

const restart: Row = {
  fault: "The service restarts while people use the page, and dies once",
  async run(lab) {
    await using site = await Site.open(lab, lab.models.shipped);
    const port = freePort();
    await using web = startWeb(`http://127.0.0.1:${port}`);
    const url = await web.address();
    const asked = Array.from({ length: 20 }, (_, row) => askThePage(`How do I sort list ${row} in Python?`));
    await using first = await Service.ready(site, { port, variables: { DRAIN_MS: "500" } });
    await using load = new Load({ urls: () => [url], asked, pauseMs: 50 });
    await load.more(20);
    first.program.signal("SIGTERM");
    assert.equal(await first.program.exitCode(), 0);
    await load.more(10);
    await using second = await Service.ready(site, { port });
    await load.more(20);
    second.program.signal("SIGKILL");
    await second.program.exitCode();
    await load.more(10);
    const startMs = performance.now();
    await using third = await Service.ready(site, { port });
    const backMs = performance.now() - startMs;
    await load.more(20);
    assert.ok(!third.program.output.includes("fatal"));
    const accounts = await load.stop();
    assert.ok(accounts.refused > 0, "the page never had to say that the service is away");
    return { ...accounts, backMs, seen: "each form came back with its tags, or with its text and why it has none" };
  },
};

const feedback: Row = {
  fault: "The store is gone while people send feedback",
  async run(lab) {
    await using site = await Site.open(lab, lab.models.shipped);
    await using service = await Service.ready(site);
    await using web = startWeb(service.url, { ...site.variables, TRUSTED_PROXIES: "1" });
    const url = await web.address();
    const thanked = new Set<string>();
    const asked = Array.from({ length: 500 }, (_, at) => feedbackOf(`tag-${at}`, () => thanked.add(`tag-${at}`)));
    await using load = new Load({ urls: () => [url], asked, pauseMs: 100 });
    await load.more(20);
    site.proxy.refuse();
    await load.more(10);
    site.proxy.heal();
    site.proxy.blackhole();
    await wait(8_000, undefined, { signal: interrupted });
    const startMs = performance.now();
    site.proxy.heal();
    const before = thanked.size;
    while (thanked.size === before) await load.more(1);
    const backMs = performance.now() - startMs;
    await load.more(20);
    const accounts = await load.stop();
    assert.ok(accounts.tried <= asked.length && accounts.refused > 0);
    const stored = await storedTags(site);
    assert.equal(new Set(stored).size, stored.length, "stored twice");
    const missing = [...thanked].filter((tag) => !stored.includes(tag));
    assert.deepEqual(missing, [], "thanked for, and not stored");
    return {
      ...accounts,
      backMs,
      seen: "all that were thanked for is stored once; the others were told, and kept their form",
    };
  },
};

function feedbackOf(tag: string, onThanks: () => void): Asked {
  const fields = { title: "How do I sort a list?", body: "", model_name: "m", model_version: "1", added: tag };
  const address = `10.0.${Number(tag.slice(4)) >> 8}.${Number(tag.slice(4)) & 255}`;
  return {
    path: "/feedback",
    headers: { ...form, "x-forwarded-for": address },
    body: new URLSearchParams(fields).toString(),
    judge: ({ status, text }) => {
      if (status === 503 && text.includes("could not be stored") && text.includes(tag)) return "refused";
      if (status !== 200 || !text.includes("Thank you")) return undefined;
      onThanks();
      return "answered";
    },
  };
}

async function storedTags({ store }: Site): Promise<string[]> {
  const tags: string[] = [];
  for await (const { key } of store.list(FEEDBACK_PREFIX)) {
    const { text } = await store.readText(key);
    tags.push(...text.trimEnd().split("\n").flatMap((line) => parseFeedback(line, key).added)); // prettier-ignore
  }
  return tags;
}

export const webRows = [restart, feedback];
