import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** build.mjs lays these files beside the bundle; run from source, they are where they come from. */
const fromSource = import.meta.url.endsWith(".ts");

/** The module that a model's thread runs. */
export const modelThread = threadModule("worker");

/** The module that the loader's thread runs. */
export const loaderThread = threadModule("loader-worker");

export const swaggerFolder = fromSource
  ? dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"))
  : fileURLToPath(new URL("./swagger-ui/", import.meta.url));

function threadModule(name: string): URL {
  return new URL(fromSource ? `../${name}-from-source.mjs` : `./${name}.js`, import.meta.url);
}
