import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import * as build from "@remix-run/dev/server-build";
import { createRequestHandler } from "@remix-run/express";
import type { ServerBuild } from "@remix-run/node";
import { createApp } from "./app.ts";
import { bulkRefusal, bulkRoutes } from "./bulk/routes.ts";
import { createDashboard } from "./dashboard/create.ts";
import { readConfig } from "./env.ts";
import { openFeedback } from "./feedback/open.ts";
import { createInference } from "./inference.ts";
import { drainOnSignal, listen } from "./lifecycle.ts";
import { cspNonce } from "./security.ts";

try {
  const config = readConfig();
  const inference = createInference({ url: config.inferenceUrl });
  const dashboard = createDashboard(config);
  const feedback = openFeedback(config.store);
  const pages = createRequestHandler({
    build: build as ServerBuild,
    getLoadContext: (request, response) => ({
      cspNonce: cspNonce(response),
      inference,
      dashboard,
      apiUrl: config.apiUrl,
      bulkRefusal: bulkRefusal(response),
      feedback,
      clientAddress: request.ip ?? "",
    }),
  });
  const streams = bulkRoutes({ inference, uploadFolder: config.uploadFolder });
  const clientDir = fileURLToPath(new URL("./client", import.meta.url));
  const server = createServer(createApp({ pages, streams, clientDir, trustedProxies: config.trustedProxies }));
  drainOnSignal(server, async () => feedback?.close());
  const address = await listen(server, config);
  process.stdout.write(`web listening on ${address}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
