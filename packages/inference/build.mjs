import { build } from "esbuild";
import { copyFile, mkdir, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const folder = import.meta.dirname;
const dist = join(folder, "dist");
const swagger = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));

await rm(dist, { recursive: true, force: true });
await build({
  absWorkingDir: folder,
  entryPoints: ["src/main.ts", "src/worker.ts"],
  outdir: dist,
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  sourcemap: true,
  legalComments: "none",
  // A native module can't be bundled.
  external: ["onnxruntime-node"],
  // What was CommonJS asks for Node's own modules by require.
  banner: {
    js: `import { createRequire as createBundleRequire } from "node:module"; const require = createBundleRequire(import.meta.url);`,
  },
});
await mkdir(join(dist, "swagger-ui"));
for (const file of ["swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"]) {
  await copyFile(join(swagger, file), join(dist, "swagger-ui", file));
}
