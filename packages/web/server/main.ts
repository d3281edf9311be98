import { fileURLToPath } from "node:url";
import * as build from "@remix-run/dev/server-build";
import { createRequestHandler } from "@remix-run/express";
import type { ServerBuild } from "@remix-run/node";
import { createApp } from "./app.ts";
import { readConfig } from "./env.ts";
import { createServer, drainOnSignal, listen } from "./lifecycle.ts";
import { createParts } from "./parts.ts";
import { cspNonce } from "./security.ts";

try {
  const config = readConfig();
  const { streams, feedback, contextOf } = createParts(config);
  const pages = createRequestHandler({
    build: build as ServerBuild,
    getLoadContext: (request, response) => ({ ...contextOf(request, response), cspNonce: cspNonce(response) }),
  });
  const clientDir = fileURLToPath(new URL("./client", import.meta.url));
  const server = createServer(createApp({ pages, streams, clientDir, trustedProxies: config.trustedProxies }));
  drainOnSignal(server, async () => feedback?.close());
  const address = await listen(server, config);
  process.stdout.write(`web listening on ${address}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
