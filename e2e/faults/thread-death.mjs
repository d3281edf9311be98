// Loaded into the service by `--import`: on SIGUSR2 the oldest of the model's threads ends, as if native code had crashed.
import { writeSync } from "node:fs";
import { BroadcastChannel, isMainThread, threadId, workerData } from "node:worker_threads";

const channel = new BroadcastChannel("thread-death");
channel.unref();
const living = [];
if (isMainThread) {
  channel.onmessage = ({ data }) => living.push(data);
  process.on("SIGUSR2", () => channel.postMessage(living.shift()));
} else if (!workerData) {
  // the loader's thread has settings, a model's has none
  channel.postMessage(threadId);
  writeSync(2, `thread ${threadId} lives\n`);
  channel.onmessage = ({ data }) => {
    if (data !== threadId) return;
    writeSync(2, `thread ${threadId} dies\n`);
    process.exit(1);
  };
}
