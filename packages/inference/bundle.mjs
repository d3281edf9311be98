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
    // Packages as ES modules, where they come as such, lose what nobody uses; that and leaving in files of its own what
    // is imported on demand (half of the AWS SDK finds credentials) starts the SDK in a third of the time and memory.
    mainFields: ["module", "main"],
    splitting: true,
    // What was CommonJS asks for Node's own modules by require.
    banner: {
      js: `import { createRequire as createBundleRequire } from "node:module"; const require = createBundleRequire(import.meta.url);`,
    },
    ...options,
  });
}
