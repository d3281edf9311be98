import { rm } from "node:fs/promises";
import { join } from "node:path";
import { bundle } from "../inference/bundle.mjs";

const dist = join(import.meta.dirname, "dist");

await rm(dist, { recursive: true, force: true });
await bundle({
  absWorkingDir: import.meta.dirname,
  entryPoints: ["src/main.ts"],
  outdir: dist,
});
