import { build } from "esbuild";

/** Bundles programs for Node the way that the service is bundled; `options` are esbuild's. */
export function bundle(options) {
  return build({
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    sourcemap: true,
    legalComments: "none",
    // Packages as ES modules, where they come as such, lose what nobody uses; and what is imported on demand, such as most
    // ways to find AWS credentials, stays in files of its own. The S3 client is there in 34 ms instead of 59, and 10 MB less.
    mainFields: ["module", "main"],
    splitting: true,
    // What was CommonJS asks for Node's own modules by require.
    banner: {
      js: `import { createRequire as createBundleRequire } from "node:module"; const require = createBundleRequire(import.meta.url);`,
    },
    ...options,
  });
}
