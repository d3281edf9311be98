import { rmSync } from "node:fs";
import { rm } from "node:fs/promises";

const signals = ["SIGINT", "SIGTERM"] as const;
const acts = new Set<() => unknown>();

/** Runs `act`, synchronously, when Ctrl-C or `kill` ends this process. Returns a function that cancels that. */
export function lastAct(act: () => unknown): () => void {
  if (acts.size === 0) for (const signal of signals) process.on(signal, end);
  acts.add(act);
  return () => {
    acts.delete(act);
    if (acts.size === 0) listenNoMore();
  };
}

/** A file or folder that goes when its block ends, or with this process where Ctrl-C or `kill` ends that. */
export function passing(path: string): AsyncDisposable & { readonly path: string } {
  const options = { recursive: true, force: true };
  const callOff = lastAct(() => rmSync(path, options));
  return {
    path,
    async [Symbol.asyncDispose]() {
      await rm(path, options);
      callOff();
    },
  };
}

/** Ends this process without a word once nobody reads what it writes any more, as behind `| head`. */
export function endUnread(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      for (const act of acts) act();
      process.exit(141); // what shells say of SIGPIPE, which Node ignores
    });
  }
}

function end(signal: NodeJS.Signals): void {
  for (const act of acts) act();
  // Not sooner: whoever runs npm gets Ctrl-C more than once.
  listenNoMore();
  // Now that nobody listens any more, the signal ends the process, and its parent sees that it did.
  process.kill(process.pid, signal);
  process.exit(1); // where it is a container's first, which no signal ends
}

function listenNoMore(): void {
  for (const signal of signals) process.off(signal, end);
}
