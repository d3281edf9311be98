import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig, devices } from "@playwright/test";
import { findBrowser } from "./browser.ts";
import { useTemporaryFolder } from "./temporary-folder.ts";

useTemporaryFolder();

/** One system for all journeys: the built `npm start` on free ports and an empty data folder, unless one is told. */
const system = {
  command: "npm run --silent start --ignore-scripts",
  cwd: "..",
  env: { PORT: "0", INFERENCE_PORT: "0", S3_PORT: "0", DATA_DIR: mkdtempSync(join(tmpdir(), "tagsmith-e2e-")) },
  gracefulShutdown: { signal: "SIGTERM" as const, timeout: 10_000 },
};

export default defineConfig({
  testDir: ".",
  outputDir: "../test-results/e2e",
  forbidOnly: process.env.CI !== undefined,
  fullyParallel: true,
  workers: 2,
  // For a machine that does something else besides: no journey asserts a time.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [["list"], ["json", { outputFile: "../test-results/e2e.json" }]],
  use: {
    ...devices["Desktop Chrome"],
    baseURL: process.env.TAGSMITH_WEB, // set by webServer before the workers start
    trace: "on-first-retry",
    launchOptions: {
      executablePath: findBrowser(),
      args: ["--disable-background-networking", ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])],
    },
  },
  projects: [
    { name: "journeys", testIgnore: "lighthouse.spec.ts" },
    // Last and alone: it measures speed.
    { name: "lighthouse", testMatch: "lighthouse.spec.ts", dependencies: ["journeys"] },
  ],
  webServer: process.env.TAGSMITH_WEB
    ? []
    : [
        {
          ...system,
          // The addresses are told in any order: each pattern keeps its own in the environment.
          wait: {
            stdout:
              /(?=[^]*store +(?<tagsmith_s3>http:\S+))(?=[^]*inference +(?<tagsmith_api>http:\S+))(?=[^]*web +(?<tagsmith_web>http:\S+))/,
          },
        },
      ],
});
