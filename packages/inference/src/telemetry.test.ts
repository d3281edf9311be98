import { tinyBundle } from "@tagsmith/model-bundle/test/tiny-bundle";
import { once } from "node:events";
import { expect, it } from "vitest";
import { eventually } from "../test/eventually.ts";
import { start } from "../test/with-process.ts";
import { withStore } from "../test/with-service.ts";

it("on AWS, all that comes to standard output is JSON, and what was counted last is told before the end", () =>
  withStore(async (store) => {
    await store.promote(await tinyBundle());
    const child = start({ PORT: "0", MODEL_BUCKET: "models", AWS_ENDPOINT_URL: store.url, STAGE: "prod" });
    child.stderr.resume();
    let printed = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (printed += text));
    const ended = once(child, "close");
    await eventually(() => printed).toContain('"model ready"');
    const url = /"url":"([^"]+)"/.exec(printed)?.[1] ?? "";
    const body = JSON.stringify({ title: "python" });
    await fetch(`${url}/api/v1/predict`, { method: "POST", body, headers: { connection: "close" } });
    child.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);

    const lines = printed
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const told = lines.filter((line) => "_aws" in line);
    expect(told.every(({ stage }) => stage === "prod")).toBe(true);
    expect(told).toContainEqual(
      expect.objectContaining({ route: "/api/v1/predict", status: "200", tagsmith_requests_total: 1 }),
    );
    expect(Object.assign({}, ...told)).toMatchObject({
      tagsmith_run_questions: { Values: [1], Counts: [1] },
      tagsmith_model_ready: 1,
      tagsmith_requests_in_flight: 0,
    });
  }));
