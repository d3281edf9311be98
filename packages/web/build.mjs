import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const remix = createRequire(import.meta.url).resolve("@remix-run/dev/dist/cli.js");
execFileSync(process.execPath, [remix, "vite:build"], {
  cwd: here,
  stdio: "inherit",
  env: { ...process.env, NODE_ENV: "production" },
});

/** One file that needs no node_modules: the server with Remix's build and every dependency in it. */
await build({
  absWorkingDir: here,
  entryPoints: ["server/main.ts"],
  outfile: "build/main.js",
  alias: { "@remix-run/dev/server-build": "./build/server/index.js" },
  bundle: true,
  platform: "node",
  target: "node20",
  format: "esm",
  // The CommonJS dependencies call `require` for Node's own modules.
  banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  define: { "process.env.NODE_ENV": '"production"' },
  legalComments: "none",
  logLevel: "warning",
});
rmSync(new URL("build/server", import.meta.url), { recursive: true });
