import { copyFile, mkdir, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { bundle, nativeSpread } from "./bundle.mjs";

const folder = import.meta.dirname;
const dist = resolve(folder, process.argv[2] ?? "dist");
const swagger = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));

await rm(dist, { recursive: true, force: true });
await bundle({
  absWorkingDir: folder,
  entryPoints: [
    ...["src/main.ts", "src/worker.ts", "src/loader-worker.ts"],
    // The image's other program: what a task of `npm run bulk` does.
    { in: "../bulk/src/task.ts", out: "bulk" },
  ],
  outdir: dist,
  // A native module can't be bundled.
  external: ["onnxruntime-node"],
  plugins: [nativeSpread],
});
await mkdir(join(dist, "swagger-ui"));
for (const file of ["swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"]) {
  await copyFile(join(swagger, file), join(dist, "swagger-ui", file));
}
