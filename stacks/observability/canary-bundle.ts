import { join } from "node:path";
import { buildSync } from "esbuild";

/** Writes the canary's program into a folder: the journey, and nothing that Synthetics brings itself. */
export function bundleCanary(folder: string): void {
  buildSync({
    entryPoints: ["e2e/canary.ts"],
    outfile: join(folder, "canary.mjs"),
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node22",
    external: ["@aws/synthetics-playwright"],
    logLevel: "warning",
  });
}
