import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { bundleCanary } from "../stacks/observability/canary-bundle.ts";
import { findBrowser } from "./browser.ts";
import { root, startWeb } from "./process.ts";
import { ScriptedService } from "./scripted-service.ts";
import { addresses, expect, test } from "./system.ts";

/** In the place of Synthetics' library, over the browser that the tests have: the bundle itself is as it is deployed. */
const library = `
import { chromium } from ${JSON.stringify(pathToFileURL(join(root, "node_modules/playwright/index.mjs")).href)};
let browser;
export const synthetics = {
  launch: async () => (browser = await chromium.launch(JSON.parse(process.env.LAUNCH))),
  newPage: (context) => context.newPage(),
  executeStep: (name, step) => step(),
  close: () => browser?.close(),
};`;

const launch = { executablePath: findBrowser(), args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] };
const run = promisify(execFile);

/** Runs the deployed program as Synthetics does. @throws {Error} with what it told, where the run fails. */
async function runCanary(folder: string, site: string): Promise<void> {
  const place = join(folder, "node_modules/@aws/synthetics-playwright");
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, "package.json"), '{ "type": "module", "exports": "./index.js" }');
  writeFileSync(join(place, "index.js"), library);
  bundleCanary(folder);
  const program = 'import { handler } from "./canary.mjs"; await handler();';
  const env = { ...process.env, SITE: site, LAUNCH: JSON.stringify(launch) };
  await run(process.execPath, ["--input-type=module", "--eval", program], { cwd: folder, env });
}

test("the canary, as it is deployed, finds that a question gets its tags", async ({ dataDir }) => {
  await runCanary(dataDir, addresses.web);
});

test("the canary fails where visitors get no tags", async ({ dataDir }) => {
  await using service = new ScriptedService();
  await using web = startWeb(await service.start());
  service.refuse(503, "not_ready", 20);
  const site = await web.address();
  await expect(runCanary(dataDir, site)).rejects.toThrow(/Timeout.*exceeded[^]*Suggested tags/);
});
