import { tmpdir } from "node:os";
import express from "express";
import { bulkRoutes } from "../server/bulk/routes.ts";
import { createServer, listen } from "../server/lifecycle.ts";
import { FakeInference } from "./fake-inference.ts";

/** The bulk routes in a process of their own, whose memory can be asked for. */
const app = express().use(bulkRoutes({ inference: new FakeInference(), uploadFolder: tmpdir() }));
app.get("/peak-kilobytes", (_request, response) => response.json(process.resourceUsage().maxRSS));
process.stdout.write(`${await listen(createServer(app), { port: 0, host: "127.0.0.1" })}\n`);
