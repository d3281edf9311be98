// Loaded into the service by `--import`, in each of its threads: on SIGUSR2 the time of day jumps two hours ahead, on the
// next one two hours back behind the true one. What is monotonic (timers, performance.now) goes on, as it does on a host.
import { BroadcastChannel, isMainThread } from "node:worker_threads";

const jumpMs = 2 * 3_600_000;
const TrueDate = Date;
let offsetMs = 0;
globalThis.Date = class extends TrueDate {
  constructor(...given) {
    if (given.length === 0) super(TrueDate.now() + offsetMs);
    else super(...given);
  }
  static now() {
    return TrueDate.now() + offsetMs;
  }
};

const channel = new BroadcastChannel("clock-jump");
channel.unref();
channel.onmessage = () => jump();
if (isMainThread) {
  process.on("SIGUSR2", () => {
    channel.postMessage("jump");
    jump();
  });
}

function jump() {
  offsetMs = offsetMs > 0 ? -jumpMs : jumpMs;
}
