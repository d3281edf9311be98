import { expect, it } from "vitest";
import { serve } from "../../test/serve.ts";
import { readServing } from "./serving.ts";

const serviceThatSays = (body: string, status = 200) =>
  serve((request, response) => void response.writeHead(request.url === "/readyz" ? status : 404).end(body));

const model = { name: "tiny", version: "1", manifest_sha256: "0" };

it("tells what serves, and how far the next one has come", async () => {
  const update = { status: "loading", name: "tiny", version: "2", bytes_loaded: 25, bytes_total: 100 };
  expect(await readServing(await serviceThatSays(JSON.stringify({ status: "ready", model, update })))).toEqual({
    status: "ready",
    serves: "tiny@1",
    update: { status: "loading", id: "tiny@2", share: 0.25, reason: undefined },
  });
});

it("knows no share of a model whose size nobody has told yet", async () => {
  const update = { status: "loading", name: "tiny", version: "2", bytes_loaded: 25, bytes_total: null };
  const serving = await readServing(await serviceThatSays(JSON.stringify({ status: "ready", model, update })));
  expect(serving.update).toEqual({ status: "loading", id: "tiny@2", share: undefined, reason: undefined });
});

it("tells why the next one doesn't serve", async () => {
  const update = { status: "failed", name: "tiny", version: "2", code: "hash_mismatch", reason: "changed" };
  const serving = await readServing(await serviceThatSays(JSON.stringify({ status: "ready", model, update })));
  expect(serving).toMatchObject({ serves: "tiny@1", update: { status: "failed", id: "tiny@2", reason: "changed" } });
});

it("tells of a service without a model what it is at", async () => {
  const state = { status: "failed", name: "tiny", version: "2", code: "not_found", reason: "isn't there" };
  const serving = await readServing(await serviceThatSays(JSON.stringify(state), 503));
  expect(serving).toMatchObject({
    status: "failed",
    update: { status: "failed", id: "tiny@2", reason: "isn't there" },
  });
  expect(serving.serves).toBeUndefined();
});

const candidate = { status: "on_trial", name: "tiny", version: "2", manifest_sha256: "1", mode: "shadow", share: 1 };
it("tells what is on trial", async () => {
  const serving = await readServing(await serviceThatSays(JSON.stringify({ status: "ready", model, candidate })));
  expect(serving.candidate).toEqual({ status: "on_trial", id: "tiny@2", reason: undefined });
});

it("tells why what is to be tried isn't", async () => {
  const failed = { status: "failed", name: "tiny", version: "2", code: "hash_mismatch", reason: "changed" };
  const url = await serviceThatSays(JSON.stringify({ status: "ready", model, candidate: failed }));
  expect((await readServing(url)).candidate).toMatchObject({
    status: "failed",
    reason: "changed",
  });
});

it.each(["<h1>Bad gateway</h1>", '{"status":"fine"}'])("%s is not the service", async (body) => {
  expect(await readServing(await serviceThatSays(body))).toEqual({ status: "unreachable" });
});

it("a service that never answers is given up", async () => {
  expect(await readServing(await serve(() => undefined))).toEqual({ status: "unreachable" });
});
