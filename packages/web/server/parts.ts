import type { Telemetry } from "@tagsmith/operations/telemetry";
import type { Request, Response } from "express";
import { bulkRefusal, bulkRoutes } from "./bulk/routes.ts";
import { createDashboard } from "./dashboard/create.ts";
import type { Config } from "./env.ts";
import { openFeedback } from "./feedback/open.ts";
import { createInference } from "./inference.ts";
import { logError, setLog } from "./log.ts";
import { Metrics } from "./metrics.ts";
import { observe, traceOf } from "./observe.ts";
import { originOf } from "./origin.ts";

/** What stands behind the pages, the same with hot reload as without. */
export function createParts(config: Config, telemetry: Telemetry) {
  setLog(telemetry.log);
  const metrics = new Metrics();
  telemetry.report(metrics.registry);
  const inference = createInference({ url: config.inferenceUrl });
  const dashboard = createDashboard(config);
  const feedback = openFeedback(config.store);
  return {
    feedback,
    observer: observe({ ...telemetry, metrics }),
    streams: bulkRoutes({ inference, uploadFolder: config.uploadFolder }),
    contextOf: (request: Request, response: Response) => ({
      inference: inference.within(traceOf(response)),
      // What Remix bundles has a log of its own, which nobody has set up.
      logError: (message: string, error: unknown) => logError(message, error, traceOf(response)?.id),
      dashboard,
      origin: () => originOf(request),
      apiUrl: config.apiUrl,
      bulkRefusal: bulkRefusal(response),
      feedback,
      clientAddress: request.ip ?? "",
    }),
  };
}
