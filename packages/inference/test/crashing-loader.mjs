// The loader's thread, which dies of having fetched version 1.
import { parentPort } from "node:worker_threads";

const { postMessage } = parentPort;
parentPort.postMessage = (message) => {
  postMessage.call(parentPort, message);
  if (message.type !== "fetched" || message.bundle.manifest.version !== "1") return;
  process.nextTick(() => {
    throw new Error("out of luck");
  });
};
await import("../loader-worker-from-source.mjs");
