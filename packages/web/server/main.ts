import { fileURLToPath } from "node:url";
import * as build from "@remix-run/dev/server-build";
import { createRequestHandler } from "@remix-run/express";
import type { ServerBuild } from "@remix-run/node";
import { openTelemetry } from "@tagsmith/operations/telemetry";
import { createApp } from "./app.ts";
import { readConfig } from "./env.ts";
import { createServer, drainOnSignal, listen } from "./lifecycle.ts";
import { createParts } from "./parts.ts";
import { cspNonce } from "./security.ts";

try {
  const config = readConfig();
  const telemetry = await openTelemetry(config.telemetry);
  const { observer, streams, feedback, contextOf } = createParts(config, telemetry);
  const pages = createRequestHandler({
    build: build as ServerBuild,
    getLoadContext: (request, response) => ({ ...contextOf(request, response), cspNonce: cspNonce(response) }),
  });
  const clientDir = fileURLToPath(new URL("./client", import.meta.url));
  const server = createServer(
    createApp({ observer, pages, streams, clientDir, trustedProxies: config.trustedProxies }),
  );
  const finish = async () => {
    await feedback?.close();
    await telemetry.close();
  };
  drainOnSignal(server, { finish, exit: telemetry.exit });
  telemetry.log.info({ url: await listen(server, config) }, "listening");
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
