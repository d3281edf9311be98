import { createServer } from "node:http";
import type { ServerBuild } from "@remix-run/node";
import { createRequestHandler } from "@remix-run/express";
import express from "express";
import { createServer as createViteServer } from "vite";
import { readEnv } from "./env.ts";
import { createInference } from "./inference.ts";
import { listen } from "./lifecycle.ts";

/** The pages with hot reload. Vite puts styles and scripts in line, so there is no content security policy here. */
const env = readEnv();
const app = express();
const server = createServer(app);
const vite = await createViteServer({ server: { middlewareMode: true, hmr: { server } } });
const inference = createInference({ url: env.INFERENCE_URL });

app.use(vite.middlewares);
app.use(
  createRequestHandler({
    build: () => vite.ssrLoadModule("virtual:remix/server-build") as Promise<ServerBuild>,
    getLoadContext: () => ({ cspNonce: "", inference, apiUrl: env.PUBLIC_API_URL ?? "" }),
  }),
);
process.stdout.write(`web listening on ${await listen(server, { port: env.PORT, host: env.HOST })}\n`);
