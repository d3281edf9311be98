import { once } from "node:events";
import { connect } from "node:net";
import { expect, it } from "vitest";
import { eventually } from "../test/eventually.ts";
import { withServer } from "../test/with-server.ts";

const script = "/api/v1/docs/swagger-ui-bundle.js";
const asking = (times: number) => `GET ${script} HTTP/1.1\r\nhost: x\r\n\r\n`.repeat(times);

it("files that nobody takes are in memory once, however often they were asked for", () =>
  withServer(async ({ port, url, metrics }) => {
    const { byteLength } = await (await fetch(url + script)).arrayBuffer();
    const before = process.memoryUsage().arrayBuffers;
    const socket = connect(port, "127.0.0.1").pause();
    socket.write(asking(200));
    await eventually(async () => (await metrics.inFlight.get()).values[0]?.value).toBeGreaterThan(150); // the first ones fit into the connection
    await (await fetch(url + script)).arrayBuffer(); // read after theirs
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50 * byteLength);
    socket.destroy();
  }));

it("a connection is closed that takes in nothing of its answers for too long", () =>
  withServer(
    async ({ port, server }) => {
      const taken = once(server, "connection");
      const socket = connect(port, "127.0.0.1")
        .on("error", () => undefined)
        .pause();
      socket.write(asking(20));
      const [its] = (await taken) as [typeof socket];
      await once(its, "close");
      socket.destroy();
    },
    { times: { stalledMs: 200 } },
  ));
