import { type Config, readConfig, silenceTelemetry } from "./env.ts";
import { retryDefaults } from "./backoff.ts";
import { Loader } from "./loader.ts";
import type * as Processes from "./processes.ts";

const config = readConfigOrExit();
// One process needs nothing of what several do.
const processes = config.processes > 1 ? await import("./processes.ts") : undefined;
if (processes?.isSupervisor) await supervise(processes);
else await serve();

async function serve(): Promise<void> {
  silenceTelemetry();
  const loader = new Loader({ store: config.store, watchMs: config.watchMs, retry: retryDefaults });
  // Imported while the loader's thread imports what it needs, and finds the model.
  const [{ createLog }, { Service }] = await Promise.all([import("./log.ts"), import("./service.ts")]);
  const { log, flush } = createLog(config.logLevel);
  const exit = exitAfter(flush);
  const service = new Service(config, log);
  let isEnding = false;
  const end = () => {
    // Who ends all processes sends a signal to each, and the supervisor sends one too: it alone counts them.
    if (isEnding && !processes) exit(1);
    if (isEnding) return;
    isEnding = true;
    service.drain().then(
      () => exit(0),
      (error: unknown) => {
        log.fatal({ err: error }, "not ended in order");
        exit(1);
      },
    );
  };
  onSignals(end);
  processes?.onOrphaned(end);
  if (processes) {
    const { shareMetrics } = await import("./process-metrics.ts");
    service.metrics.read = shareMetrics(service.metrics.registry);
  }
  try {
    await service.listen();
    service.serve(loader);
  } catch (error) {
    log.fatal({ err: error }, "not started");
    exit(1);
  }
}

async function supervise({ Supervisor }: typeof Processes): Promise<void> {
  const { createLog } = await import("./log.ts");
  const { log, flush } = createLog(config.logLevel);
  const supervisor = new Supervisor(config.processes, log, exitAfter(flush));
  onSignals(() => supervisor.end());
}

/** The first signal ends the service in order, the second at once. */
function onSignals(end: () => void): void {
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, end);
}

function exitAfter(flush: () => void): (code: number) => never {
  return (code) => {
    flush();
    process.exit(code);
  };
}

function readConfigOrExit(): Config {
  try {
    return readConfig();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}
