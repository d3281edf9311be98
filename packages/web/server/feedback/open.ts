import type { StoreOptions } from "@tagsmith/model-bundle/store-options";
import { ModelStore } from "@tagsmith/model-bundle/store";
import { FeedbackDesk } from "./desk.ts";

/** Somebody waits for the answer while it is written. */
const writeIdleTimeoutMs = 5_000;

/** Undefined where no bucket is there to keep it. */
export function openFeedback(options: StoreOptions | undefined): FeedbackDesk | undefined {
  return options && new FeedbackDesk(new ModelStore({ ...options, writeIdleTimeoutMs }));
}
