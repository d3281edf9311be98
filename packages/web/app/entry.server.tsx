import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import type { HandleDocumentRequestFunction, HandleErrorFunction } from "@remix-run/node";
import { isRouteErrorResponse, RemixServer } from "@remix-run/react";
import { renderToPipeableStream } from "react-dom/server";
import { NonceContext } from "./nonce.ts";

const renderDeadlineMs = 10_000;

// eslint-disable-next-line max-params -- Remix dictates five
const handleRequest: HandleDocumentRequestFunction = (request, status, headers, remixContext, { cspNonce, logError }) =>
  new Promise((resolve, reject) => {
    let shellIsOut = false;
    const { pipe, abort } = renderToPipeableStream(
      <NonceContext.Provider value={cspNonce}>
        <RemixServer context={remixContext} url={request.url} nonce={cspNonce} abortDelay={renderDeadlineMs} />
      </NonceContext.Provider>,
      {
        nonce: cspNonce,
        onShellReady: () => (shellIsOut = true),
        onAllReady() {
          headers.set("Content-Type", "text/html; charset=utf-8");
          if (status === 405) headers.set("Allow", "GET, HEAD"); // Remix doesn't say it of a page without a form
          if (!headers.has("Cache-Control")) headers.set("Cache-Control", "private, no-cache");
          const page = new PassThrough();
          pipe(page);
          // Whole: no part of a page is waited for, and each piece of a stream would be compressed and sent by itself.
          resolve(text(page).then((html) => new Response(withLateScripts(html), { headers, status })));
        },
        onShellError: reject,
        onError(error) {
          if (shellIsOut) logError("A page broke while it was rendered.", error);
        },
      },
    );
    setTimeout(abort, renderDeadlineMs).unref();
  });

export default handleRequest;

/**
 * A page is whole without its scripts: they come after its styles and font. Remix's preloads know no priority, and in
 * development React complains of an attribute that it didn't write.
 */
const withLateScripts = (html: string) =>
  import.meta.env.PROD
    ? html.replaceAll('<link rel="modulepreload"', '<link rel="modulepreload" fetchpriority="low"')
    : html;

/** A visitor who leaves or asks for what isn't there is no error of ours. */
export const handleError: HandleErrorFunction = (error, { request, context }) => {
  if (request.signal.aborted || isRouteErrorResponse(error)) return;
  context.logError("A page failed.", error);
};
