import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { readServing } from "./serving.ts";

const closers: (() => void)[] = [];
afterEach(() => closers.splice(0).forEach((close) => close()));

async function serviceThatSays(body: string, status = 200, metrics = ""): Promise<string> {
  const server = createServer((request, response) => {
    if (request.url === "/metrics") response.end(metrics);
    else response.writeHead(request.url === "/readyz" ? status : 404).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => server.close().closeAllConnections());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const aws = { isOneTask: false };

const model = { name: "tiny", version: "1", manifest_sha256: "0" };

it("tells what serves, and how far the next one has come", async () => {
  const update = { status: "loading", name: "tiny", version: "2", bytes_loaded: 25, bytes_total: 100 };
  expect(await readServing(await serviceThatSays(JSON.stringify({ status: "ready", model, update })), aws)).toEqual({
    status: "ready",
    serves: "tiny@1",
    update: { status: "loading", id: "tiny@2", share: 0.25, reason: undefined },
  });
});

it("tells why the next one doesn't serve", async () => {
  const update = { status: "failed", name: "tiny", version: "2", code: "hash_mismatch", reason: "changed" };
  const serving = await readServing(await serviceThatSays(JSON.stringify({ status: "ready", model, update })), aws);
  expect(serving).toMatchObject({ serves: "tiny@1", update: { status: "failed", id: "tiny@2", reason: "changed" } });
});

it("tells of a service without a model what it is at", async () => {
  const state = { status: "failed", name: "tiny", version: "2", code: "not_found", reason: "isn't there" };
  const serving = await readServing(await serviceThatSays(JSON.stringify(state), 503), aws);
  expect(serving).toMatchObject({
    status: "failed",
    update: { status: "failed", id: "tiny@2", reason: "isn't there" },
  });
  expect(serving.serves).toBeUndefined();
});

const candidate = { status: "on_trial", name: "tiny", version: "2", manifest_sha256: "1", mode: "shadow", share: 1 };
const metrics = `
tagsmith_trial_requests_total{role="current",outcome="answered"} 200
tagsmith_trial_requests_total{role="candidate",outcome="answered"} 90
tagsmith_trial_requests_total{role="candidate",outcome="failed"} 10
tagsmith_trial_question_seconds_bucket{le="0.001",role="candidate"} 0
tagsmith_trial_question_seconds_bucket{le="0.002",role="candidate"} 90
tagsmith_trial_question_seconds_bucket{le="+Inf",role="candidate"} 90
tagsmith_trial_confidence_bucket{le="0.5",role="candidate"} 9
tagsmith_trial_confidence_bucket{le="+Inf",role="candidate"} 90
tagsmith_trial_comparisons_total{outcome="compared"} 80
tagsmith_trial_comparisons_total{outcome="dropped"} 5
tagsmith_trial_agreement_total{measure="tags"} 40
tagsmith_trial_agreement_total{measure="first"} 60
tagsmith_trial_agreement_total{measure="overlap"} 50
tagsmith_trial_agreement_total{measure="difference"} 4
`;

it("tells of a trial what the one task there is has measured", async () => {
  const url = await serviceThatSays(JSON.stringify({ status: "ready", model, candidate }), 200, metrics);
  const serving = await readServing(url, { isOneTask: true });
  expect(serving.candidate).toMatchObject({ status: "on_trial", id: "tiny@2" });
  expect(serving.candidate?.figures).toMatchObject({
    current: { answered: 200, failed: 0, busy: 0, unsure: undefined },
    candidate: { answered: 90, failed: 10, busy: 0, p50: 1.5, unsure: 0.1 },
    compared: 80,
    dropped: 5,
    sameTags: 0.5,
    sameFirst: 0.75,
    overlap: 0.625,
    difference: 0.05,
  });
});

it("tells no figures where the next question may reach another task", async () => {
  const url = await serviceThatSays(JSON.stringify({ status: "ready", model, candidate }), 200, metrics);
  expect((await readServing(url, aws)).candidate).toEqual({ status: "on_trial", id: "tiny@2", reason: undefined });
});

it("tells why what is to be tried isn't", async () => {
  const failed = { status: "failed", name: "tiny", version: "2", code: "hash_mismatch", reason: "changed" };
  const url = await serviceThatSays(JSON.stringify({ status: "ready", model, candidate: failed }));
  expect((await readServing(url, { isOneTask: true })).candidate).toMatchObject({
    status: "failed",
    reason: "changed",
  });
});

it.each(["<h1>Bad gateway</h1>", '{"status":"fine"}'])("%s is not the service", async (body) => {
  expect(await readServing(await serviceThatSays(body), aws)).toEqual({ status: "unreachable" });
});
