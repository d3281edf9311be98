import { defineConfig } from "vitest/config";
import { useTemporaryFolder } from "./e2e/temporary-folder.ts";

useTemporaryFolder();

export default defineConfig({
  test: {
    include: ["{.github,examples,packages,stacks}/**/*.test.{ts,tsx}"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ["default", "json"],
    outputFile: { json: "test-results/unit.json" },
  },
});
