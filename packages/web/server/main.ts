import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import * as build from "@remix-run/dev/server-build";
import { createRequestHandler } from "@remix-run/express";
import { createApp } from "./app.ts";
import { readEnv } from "./env.ts";
import { createInference } from "./inference.ts";
import { drainOnSignal, listen } from "./lifecycle.ts";
import { cspNonce } from "./security.ts";

try {
  const env = readEnv();
  const inference = createInference({ url: env.INFERENCE_URL });
  const pages = createRequestHandler({
    build,
    getLoadContext: (_request, response) => ({
      cspNonce: cspNonce(response),
      inference,
      apiUrl: env.PUBLIC_API_URL ?? "",
    }),
  });
  const server = createServer(createApp({ pages, clientDir: fileURLToPath(new URL("./client", import.meta.url)) }));
  drainOnSignal(server);
  const address = await listen(server, { port: env.PORT, host: env.HOST });
  process.stdout.write(`web listening on ${address}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
