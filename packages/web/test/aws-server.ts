import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

interface Call {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

type Answer = (call: Call) => { readonly status?: number; readonly body: object };

/** A server that speaks AWS's JSON protocols as one service does, and the settings that lead a client to it. */
export async function awsServer(answer: Answer) {
  const calls: Call[] = [];
  const server = createServer((request, response) => {
    void json(request).then((input) => {
      const operation = String(request.headers["x-amz-target"]).split(".")[1] ?? "";
      const call = { operation, input: input as Call["input"] };
      calls.push(call);
      const { status = 200, body } = answer(call);
      response.writeHead(status, { "content-type": "application/x-amz-json-1.0" }).end(JSON.stringify(body));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const client = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  };
  return { calls, client, close: () => server.close().closeAllConnections() };
}
