import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readOnly, type Handler } from "./rest.ts";
import { headerLines, send, sendJson } from "./respond.ts";
import { swaggerFolder } from "./runtime-files.ts";

const documentPath = "/api/v1/openapi.json";
const pagePath = "/api/v1/docs";

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Tagsmith API</title>
    <link rel="icon" href="${pagePath}/favicon-32x32.png" />
    <link rel="stylesheet" href="${pagePath}/swagger-ui.css" />
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="${pagePath}/swagger-ui-bundle.js"></script>
    <script src="${pagePath}/start.js"></script>
  </body>
</html>
`;

const start = `SwaggerUIBundle({ url: "${documentPath}", dom_id: "#swagger-ui", deepLinking: true, validatorUrl: null });
`;

const assets = {
  "favicon-32x32.png": "image/png",
  "swagger-ui.css": "text/css; charset=utf-8",
  "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
} as const;

/** Swagger UI styles elements inline and draws with data: images; its scripts are files of ours. */
const pageHeaders = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "cross-origin-opener-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
};

/** The API's description for machines and for people; nothing of it is loaded before somebody asks. */
export function docsHandlers(): ReadonlyMap<string, Handler> {
  const lines = headerLines({ "cache-control": "public, max-age=3600" });
  const files = Object.entries(assets).map(([file, type]): [string, Handler] => {
    const read = readOnce(join(swaggerFolder, file));
    return [
      `${pagePath}/${file}`,
      async (_request, response) => send(response, { status: 200, type, body: await read(), lines }),
    ];
  });
  return readOnly({
    [documentPath]: async (_request, response) => {
      const { openApiDocument } = await import("./openapi.ts");
      sendJson(response, openApiDocument());
    },
    [pagePath]: (_request, response) => {
      const lines = headerLines(pageHeaders);
      send(response, { status: 200, type: "text/html; charset=utf-8", body: page, lines });
    },
    [`${pagePath}/start.js`]: (_request, response) =>
      send(response, { status: 200, type: "text/javascript; charset=utf-8", body: start }),
    ...Object.fromEntries(files),
  });
}

/** Reads the file once: otherwise a thousand answers that nobody takes would hold it in memory a thousand times. */
function readOnce(path: string): () => Promise<Buffer> {
  let content: Promise<Buffer> | undefined;
  return async () => {
    content ??= readFile(path);
    try {
      return await content;
    } catch (error) {
      content = undefined;
      throw error;
    }
  };
}
