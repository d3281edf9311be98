// The loader's thread when the service runs from source: tsx registers itself on the main thread only.
import { register } from "tsx/esm/api";

register();
await import("./src/loader-worker.ts");
