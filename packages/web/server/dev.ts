import { createServer } from "node:http";
import type { ServerBuild } from "@remix-run/node";
import { createRequestHandler } from "@remix-run/express";
import express from "express";
import { createServer as createViteServer } from "vite";
import { bulkRefusal, bulkRoutes } from "./bulk/routes.ts";
import { createDashboard } from "./dashboard/create.ts";
import { readConfig } from "./env.ts";
import { openFeedback } from "./feedback/open.ts";
import { createInference } from "./inference.ts";
import { listen } from "./lifecycle.ts";

/** The pages with hot reload. Vite puts styles and scripts in line, so there is no content security policy here. */
const config = readConfig();
const app = express();
const server = createServer(app);
const vite = await createViteServer({ server: { middlewareMode: true, hmr: { server } } });
const inference = createInference({ url: config.inferenceUrl });
const dashboard = createDashboard(config);
const feedback = openFeedback(config.store);

const pages = createRequestHandler({
  mode: "development",
  build: () => vite.ssrLoadModule("virtual:remix/server-build") as Promise<ServerBuild>,
  getLoadContext: (request, response) => ({
    cspNonce: "",
    inference,
    dashboard,
    apiUrl: config.apiUrl,
    bulkRefusal: bulkRefusal(response),
    feedback,
    clientAddress: request.ip ?? "",
  }),
});

app.use(vite.middlewares);
app.use(bulkRoutes({ inference, uploadFolder: config.uploadFolder }));
app.use((request, response, next) => void pages(request, response, next));
process.stdout.write(`web listening on ${await listen(server, config)}\n`);
