import { expect, it } from "vitest";
import { serve } from "../../test/serve.ts";
import { readConfig } from "../env.ts";
import { CloudWatchSource } from "./cloudwatch-source.ts";
import { createDashboard } from "./create.ts";
import { hashPassword } from "./password.ts";

/** A service, and the paths that it was asked for. */
async function service() {
  const asked: (string | undefined)[] = [];
  const url = await serve((request, response) => {
    asked.push(request.url);
    response.end('{"status":"loading"}');
  });
  return { asked, url };
}

it("with a password, the service is measured before anybody looks", async () => {
  const { asked, url } = await service();
  const dashboard = createDashboard(
    readConfig({ INFERENCE_URL: url, ADMIN_PASSWORD_HASH: await hashPassword("a password of the admin") }),
  );
  expect(await dashboard.sessions()).toBeDefined();
  await expect.poll(() => asked, { timeout: 20_000 }).toEqual(["/metrics"]);
});

it("without one the dashboard is off, and measures nothing", async () => {
  const { asked, url } = await service();
  const dashboard = createDashboard(readConfig({ INFERENCE_URL: url }));
  expect(await dashboard.sessions()).toBeUndefined();
  expect(await dashboard.serving()).toMatchObject({ status: "loading" });
  expect(asked).toEqual(["/readyz"]);
});

it("the figures are those of CloudWatch where it is said how the stage's parts are named there", () => {
  const dashboard = createDashboard(
    readConfig({
      AWS_REGION: "us-east-1",
      SST_STAGE: "prod",
      CLOUDWATCH_LOAD_BALANCER: "app/1",
      CLOUDWATCH_TARGET_GROUP: "targetgroup/2",
      CLOUDWATCH_CLUSTER: "cluster",
      CLOUDWATCH_SERVICE: "service",
    }),
  );
  expect(dashboard.figures).toBeInstanceOf(CloudWatchSource);
});
