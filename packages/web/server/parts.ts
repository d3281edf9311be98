import type { Request, Response } from "express";
import { bulkRefusal, bulkRoutes } from "./bulk/routes.ts";
import { createDashboard } from "./dashboard/create.ts";
import type { Config } from "./env.ts";
import { openFeedback } from "./feedback/open.ts";
import { createInference } from "./inference.ts";

/** What stands behind the pages, the same with hot reload as without. */
export function createParts(config: Config) {
  const inference = createInference({ url: config.inferenceUrl });
  const dashboard = createDashboard(config);
  const feedback = openFeedback(config.store);
  return {
    feedback,
    streams: bulkRoutes({ inference, uploadFolder: config.uploadFolder }),
    contextOf: (request: Request, response: Response) => ({
      inference,
      dashboard,
      apiUrl: config.apiUrl,
      bulkRefusal: bulkRefusal(response),
      feedback,
      clientAddress: request.ip ?? "",
    }),
  };
}
