import { allowMethods, type Handler } from "./rest.ts";
import type { Metrics } from "./metrics.ts";
import { send, sendJson } from "./respond.ts";
import type { ServedModel } from "./served-model.ts";

export interface Lifecycle {
  readonly isDraining: boolean;
}

/** What balancers and monitors ask. None of it waits for the model. */
export function probeHandlers(
  model: ServedModel,
  metrics: Metrics,
  lifecycle: Lifecycle,
): ReadonlyMap<string, Handler> {
  const handlers: Record<string, Handler> = {
    "/livez": (_request, response) => sendJson(response, { status: "live" }),
    "/readyz": (_request, response) => {
      const state = readiness(model, lifecycle);
      sendJson(response, state, state.status === "ready" ? 200 : 503);
    },
    "/metrics": async (_request, response) => {
      send(response, { status: 200, type: metrics.registry.contentType, body: await metrics.registry.metrics() });
    },
  };
  return new Map(
    Object.entries(handlers).map(([path, handler]) => [
      path,
      (request, response) => {
        allowMethods(request, ["GET", "HEAD"]);
        return handler(request, response);
      },
    ]),
  );
}

function readiness({ state }: ServedModel, { isDraining }: Lifecycle) {
  if (isDraining) return { status: "draining" } as const;
  switch (state.status) {
    case "loading":
      return {
        status: "loading",
        bytes_loaded: state.progress?.bytesLoaded ?? 0,
        bytes_total: state.progress?.bytesTotal ?? null,
        last_failure: state.failure,
      } as const;
    case "failed":
      return { status: "failed", ...state.failure, retry_in_ms: state.retryInMs } as const;
    case "ready": {
      const { manifest, manifestSha256 } = state.engine;
      const { name, version } = manifest;
      return { status: "ready", model: { name, version, manifest_sha256: manifestSha256 } } as const;
    }
  }
}
