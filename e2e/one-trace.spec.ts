import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Collector } from "../packages/operations/test/collector.ts";
import { root, startSystem } from "./process.ts";
import { expect, test } from "./system.ts";

const title = "How do I merge two dictionaries in Python?";

test("one trace leads from the page's script to the model's run, by the document's command", async ({
  page,
  dataDir,
}) => {
  test.slow();
  const collector = await Collector.start();
  const document = await readFile(join(root, "docs/observability.md"), "utf8");
  const [, variable = ""] = /^```sh\n(\w+)=http:\/\/127.0.0.1:4318 npm start\n```$/m.exec(document) ?? [];
  await using system = startSystem(dataDir, { [variable]: collector.url, LOG_LEVEL: "info" });
  await page.goto(await system.prints(/^web +(http:\S+)/m));
  await system.prints(/^inference +(http:\S+)/m);
  const asked = page.waitForResponse((response) => response.url().endsWith("/suggest"));
  await page.getByRole("textbox", { name: "Title" }).fill(title);
  const [, traceId = ""] = ((await (await asked).headerValue("traceparent")) ?? "").split("-");
  await expect(page.getByRole("list", { name: "Suggested tags" })).toContainText("python");
  await page.close();
  system.signal("SIGINT");
  expect(await system.exitCode()).toBe(0);

  const spans = collector.spans.filter((span) => span.traceId === traceId);
  const [suggest, call, served] = ["POST /suggest", "predict", "POST /api/trpc/"].map((name) =>
    spans.find((span) => span.name === name),
  );
  expect(suggest).toMatchObject({ service: "tagsmith-web" });
  expect(suggest?.parentSpanId).toMatch(/^[0-9a-f]{16}$/); // the page's own
  expect(call).toMatchObject({ parentSpanId: suggest?.spanId });
  expect(served).toMatchObject({ parentSpanId: call?.spanId, service: "tagsmith-inference" });
  const inside = spans.filter(({ parentSpanId }) => parentSpanId === served?.spanId);
  expect(inside.map(({ name }) => name)).toEqual(["queue", "model run"]);
  const lines = system.output.split("\n").filter((line) => line.includes(`"trace_id":"${traceId}"`));
  expect(lines.map((line) => (JSON.parse(line) as { route: string }).route).sort()).toEqual(["/api/trpc/", "/suggest"]);
  expect(system.output + collector.received.join("")).not.toContain("merge two");
  collector.close();
});
