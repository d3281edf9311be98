import assert from "node:assert/strict";
import { freePort, startWeb } from "../process.ts";
import { FaultProxy } from "./proxy.ts";
import type { Row } from "./row.ts";
import { Service } from "./service.ts";
import { Site } from "./site.ts";

const rowCount = 6_000;

/**
 * Resolves to the answer's beginning: it is made no faster than it is read, and is more than the system's buffers hold.
 * Its bodies are long and cost nothing, for they have no words.
 */
function uploadFile(url: string): Promise<Response> {
  const row = (id: number) => `${id},How do I sort list ${id} in Python?,${"-".repeat(2_000)}\r\n`;
  const file = new FormData();
  const lines = Array.from({ length: rowCount }, (_, id) => row(id));
  file.set("file", new Blob(["id,title,body\r\n", ...lines]), "questions.csv");
  return fetch(`${url}/bulk`, { method: "POST", body: file, headers: { "accept-encoding": "identity" } });
}

/** Throws unless each row is there with its tags, once and in order. */
function assertTagged(result: string): void {
  const ids = [...result.matchAll(/^(\d+),.*,python[^,]*,[\d.]+[^,]*,,stackoverflow-tags@[\d.]+\r$/gm)].map(([, id]) =>
    Number(id),
  );
  assert.deepEqual(
    ids,
    Array.from({ length: rowCount }, (_, id) => id),
  );
}

const bulk: Row = {
  fault: "kill -9 of the service in the middle of a file of questions",
  async run(lab) {
    await using site = await Site.open(lab, lab.models.shipped);
    const port = freePort();
    await using web = startWeb(`http://127.0.0.1:${port}`);
    await using service = await Service.ready(site, { port });
    const response = await uploadFile(await web.address());
    service.program.signal("SIGKILL");
    await service.program.exitCode();
    const startMs = performance.now();
    await using next = await Service.ready(site, { port });
    const backMs = performance.now() - startMs;
    assertTagged(await response.text());
    assert.ok((await next.metric("tagsmith_predictions_total")) > 0, "it was done before the service was killed");
    return { ...all(rowCount), backMs, seen: "rows; each was tagged once, in their order" };
  },
};

const slowReaders: Row = {
  fault: "SIGTERM to the web server while one client reads a file slowly, and another one not at all",
  mostlyWaits: true,
  async run(lab) {
    await using site = await Site.open(lab, lab.models.shipped);
    await using service = await Service.ready(site);
    await using web = startWeb(service.url);
    const url = await web.address();
    await using line = await FaultProxy.before(url);
    line.toxics = { bytesPerSecond: 2 * 2 ** 20 };
    const [slow, stuck] = await Promise.all([uploadFile(line.url), uploadFile(url)]);
    const startMs = performance.now();
    web.signal("SIGTERM");
    assertTagged(await slow.text());
    assert.equal(await web.exitCode(), 0);
    const seconds = (performance.now() - startMs) / 1_000;
    await assert.rejects(stuck.text());
    assert.ok(seconds < stopTimeoutSeconds, `it took ${seconds} s to end`);
    const seen = `rows; the slow client got all, the other one was cut off; exit 0 after ${seconds.toFixed(0)} s`;
    return { ...all(rowCount), seen };
  },
};

/** As the task definition allows. */
const stopTimeoutSeconds = 60;

const all = (tried: number) => ({ tried, answered: tried, refused: 0, failed: 0, lost: 0 });

export const fileRows = [bulk, slowReaders];
