import { question } from "@tagsmith/inference/schemas";
import { initTRPC } from "@trpc/server";
import { createServer } from "node:http";

/**
 * What no tRPC service on one thread of Node goes beyond: reads JSON, checks it by the service's own schema through a caller
 * made once, and sends it back. Listens on the port named.
 */
const t = initTRPC.create();
const router = t.router({ echo: t.procedure.input(question).mutation(({ input }) => input) });
const caller = t.createCallerFactory(router)({});

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    caller.echo(JSON.parse(Buffer.concat(chunks).toString("utf8")) as never).then(
      (answer) => {
        const body = JSON.stringify(answer);
        response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
        response.end(body);
      },
      () => response.writeHead(500).end(),
    );
  });
});
server.listen(Number(process.argv[2]), "127.0.0.1", () => process.stdout.write("listening\n"));
