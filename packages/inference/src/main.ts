import { messageOf } from "@tagsmith/model-bundle/errors";
import { onParentGone } from "@tagsmith/operations/parent";
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
  const [telemetry, { Service }, { endModelThreads }] = await Promise.all([
    openTelemetry(),
    import("./service.ts"),
    import("./model-thread.ts"),
  ]);
  const { log, tracing } = telemetry;
  const exit = (code: number) => endModelThreads().then(() => telemetry.exit(code));
  const service = new Service(config, log, tracing);
  telemetry.report(service.metrics.registry);
  let isEnding = false;
  const end = () => {
    // Of several processes each may get a signal twice, from outside and from the supervisor, which alone counts them.
    if (isEnding && !processes) void exit(1);
    if (isEnding) return;
    isEnding = true;
    service
      .drain()
      .then(() => telemetry.close())
      .then(
        () => exit(0),
        (error: unknown) => {
          log.fatal({ err: error }, "not ended in order");
          return exit(1);
        },
      );
  };
  onSignals(end);
  if (processes) processes.onOrphaned(end);
  else onParentGone(end);
  if (processes) {
    const { shareMetrics } = await import("./process-metrics.ts");
    service.metrics.read = shareMetrics(service.metrics.registry);
  }
  try {
    service.serve(loader); // first: who has listened is started again whenever it ends
    await service.listen();
  } catch (error) {
    log.fatal({ err: error }, "not started");
    await exit(1);
  }
}

async function supervise({ Supervisor }: typeof Processes): Promise<void> {
  const { log, report, exit } = await openTelemetry({ ...config.telemetry, tracing: undefined });
  const supervisor = new Supervisor(config.processes, log, exit);
  report(supervisor.registry);
  onSignals(() => supervisor.end());
  onParentGone(() => supervisor.end());
}

async function openTelemetry(settings = config.telemetry) {
  const telemetry = await import("@tagsmith/operations/telemetry");
  return telemetry.openTelemetry(settings);
}

/** The first signal ends the service in order, the second at once. */
function onSignals(end: () => void): void {
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, end);
}

function readConfigOrExit(): Config {
  try {
    return readConfig();
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exit(1);
  }
}
