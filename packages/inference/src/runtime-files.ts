import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** build.mjs lays these files beside the bundle; run from source, they are where they come from. */
const fromSource = import.meta.url.endsWith(".ts");

/** The module that a model's thread runs. */
export const modelThread = new URL(fromSource ? "../worker-from-source.mjs" : "./worker.js", import.meta.url);

export const swaggerFolder = fromSource
  ? dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"))
  : fileURLToPath(new URL("./swagger-ui/", import.meta.url));
