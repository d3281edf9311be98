import { once } from "node:events";
import { createServer as createHttpServer, type RequestListener, type Server } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { logTo } from "@tagsmith/operations/log";
import { Tracing } from "@tagsmith/operations/tracing";
import { Metrics } from "../src/metrics.ts";
import { createServer, type ServerParts } from "../src/server.ts";
import type { Patience } from "../src/limits.ts";
import type { ModelAccess } from "../src/model-access.ts";
import { fakeEngine, fakeModel } from "./fake-model.ts";

export const engine = fakeEngine({
  labels: ["python", "c#"],
  thresholds: [0.5, 0.5],
  probabilitiesOf: ({ title }) => [title.includes("python") ? 0.75 : 0.25, title.includes("c#") ? 0.75 : 0.25],
});

/** The service's HTTP side over a model that is a plain function. */
export async function withServer(
  test: (server: {
    url: string;
    port: number;
    server: Server;
    metrics: Metrics;
    log: readonly string[];
  }) => Promise<void>,
  { times = {}, model = fakeModel(engine) }: { times?: Partial<Patience>; model?: ModelAccess } = {},
): Promise<void> {
  // Probes and metrics, which want more of a model, aren't asked for.
  const served = { ...model, admission: {} } as unknown as ServerParts["model"];
  const lines: string[] = [];
  const log = logTo({ write: (line) => void lines.push(line) }, "debug");
  const metrics = new Metrics(served);
  const server = createServer(
    {
      model: served,
      metrics,
      log,
      tracing: new Tracing(),
      draining: new AbortController().signal,
    },
    times,
  );
  await listening(server, (at) => test({ ...at, metrics, log: lines }));
}

export async function withListener(listener: RequestListener, test: (at: { url: string }) => Promise<void>) {
  await listening(createHttpServer(listener), test);
}

async function listening(server: Server, test: (at: { url: string; port: number; server: Server }) => Promise<void>) {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  try {
    await test({ url: `http://127.0.0.1:${port}`, port, server });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** What comes back, until the server closes the connection, for bytes sent as they are. */
export async function exchange(port: number, sent: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  socket.write(sent);
  return text(socket);
}
