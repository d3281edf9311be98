import { type Config, readConfig, silenceTelemetry } from "./env.ts";
import { retryDefaults } from "./backoff.ts";
import { Loader } from "./loader.ts";

const config = readConfigOrExit();
silenceTelemetry();
const loader = new Loader({ store: config.store, watchMs: config.watchMs, retry: retryDefaults });
// Imported while the loader's thread imports what it needs, and finds the model.
const [{ createLog }, { Service }] = await Promise.all([import("./log.ts"), import("./service.ts")]);
const { log, flush } = createLog(config.logLevel);
const service = new Service(config, log);
endOnSignals();
try {
  await service.listen();
  service.serve(loader);
} catch (error) {
  log.fatal({ err: error }, "not started");
  exit(1);
}

/** The first signal ends the service in order, the second at once. */
function endOnSignals(): void {
  let isEnding = false;
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      if (isEnding) exit(1);
      isEnding = true;
      service.drain().then(
        () => exit(0),
        (error: unknown) => {
          log.fatal({ err: error }, "not ended in order");
          exit(1);
        },
      );
    });
  }
}

function exit(code: number): never {
  flush();
  process.exit(code);
}

function readConfigOrExit(): Config {
  try {
    return readConfig();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}
