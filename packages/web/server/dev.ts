import type { ServerBuild } from "@remix-run/node";
import { createRequestHandler } from "@remix-run/express";
import { openTelemetry } from "@tagsmith/operations/telemetry";
import express from "express";
import { createServer as createViteServer } from "vite";
import { readConfig } from "./env.ts";
import { createServer, listen } from "./lifecycle.ts";
import { methods } from "./methods.ts";
import { createParts } from "./parts.ts";

/** The pages with hot reload. Vite puts styles and scripts in line, so there is no content security policy here. */
const config = readConfig();
const app = express();
const server = createServer(app);
const vite = await createViteServer({ server: { middlewareMode: true, hmr: { server } } });
const telemetry = await openTelemetry(config.telemetry);
const { observer, streams, contextOf } = createParts(config, telemetry);

const pages = createRequestHandler({
  mode: "development",
  build: () => vite.ssrLoadModule("virtual:remix/server-build") as Promise<ServerBuild>,
  getLoadContext: (request, response) => ({ ...contextOf(request, response), cspNonce: "" }),
});

app.use(vite.middlewares);
app.use(observer);
app.use(methods);
app.use(streams);
app.use((request, response, next) => void pages(request, response, next));
telemetry.log.info({ url: await listen(server, config) }, "listening");
