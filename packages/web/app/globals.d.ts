/// <reference types="vite/client" />
import "@remix-run/node";
import type { Dashboard } from "../server/dashboard/dashboard.ts";
import type { FeedbackDesk } from "../server/feedback/desk.ts";
import type { Inference } from "../server/inference.ts";

declare module "@remix-run/node" {
  interface Future {
    v3_singleFetch: true;
  }

  /** What the server gives every loader and action. */
  interface AppLoadContext {
    readonly cspNonce: string;
    /** Tells an error to whoever runs the server, with the request's trace. */
    readonly logError: (message: string, error: unknown) => void;
    readonly inference: Inference;
    readonly dashboard: Dashboard;
    /** Whom the request comes from, as near as can be told. */
    readonly clientAddress: string;
    /** Of this site, as its visitor knows it. */
    readonly origin: () => string;
    /** Where a browser finds the inference service; empty where it is at this site's own origin. */
    readonly apiUrl: string;
    /** Why the file of this request's form was not taken. */
    readonly bulkRefusal: string | undefined;
    /** Absent where there is no place for feedback. */
    readonly feedback: FeedbackDesk | undefined;
  }
}
