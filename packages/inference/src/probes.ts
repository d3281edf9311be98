import { progressFields } from "./model-report.ts";
import { readOnly, type Handler } from "./rest.ts";
import type { Metrics } from "./metrics.ts";
import type { Engine } from "./model-access.ts";
import { send, sendJson } from "./respond.ts";
import type { ServedModel, Update } from "./served-model.ts";

/** What balancers and monitors ask. None of it waits for the model. */
export function probeHandlers(
  model: ServedModel,
  metrics: Metrics,
  draining: AbortSignal,
): ReadonlyMap<string, Handler> {
  return readOnly({
    "/livez": (_request, response) => sendJson(response, { status: "live" }),
    "/readyz": (_request, response) => {
      const state = readiness(model, draining);
      sendJson(response, state, state.status === "ready" ? 200 : 503);
    },
    "/metrics": async (_request, response) => {
      send(response, { status: 200, type: metrics.registry.contentType, body: await metrics.read() });
    },
  });
}

function readiness(model: ServedModel, draining: AbortSignal) {
  const { engine, update } = model;
  if (draining.aborted) return { status: "draining" } as const;
  if (!engine) return describeUpdate(update ?? { status: "loading" });
  return {
    status: "ready",
    model: describeEngine(engine),
    update: update && describeUpdate(update),
    candidate: describeCandidate(model),
  } as const;
}

const describeEngine = ({ manifest: { name, version }, manifestSha256 }: Engine) => ({
  name,
  version,
  manifest_sha256: manifestSha256,
});

function describeCandidate({ trial, candidateUpdate }: ServedModel) {
  if (candidateUpdate) return describeUpdate(candidateUpdate);
  if (!trial) return undefined;
  const { mode, share } = trial.terms;
  return { status: "on_trial", ...describeEngine(trial.candidate.engine), mode, share } as const;
}

function describeUpdate(update: Update) {
  const { name, version } = update.version ?? {};
  if (update.status === "failed") {
    return { status: "failed", name, version, ...update.failure, retry_in_ms: update.retryInMs } as const;
  }
  const progress = update.progress ?? { bytesLoaded: 0, bytesTotal: null, bytesPerSecond: 0 };
  return { status: "loading", name, version, ...progressFields(progress), last_failure: update.failure } as const;
}
