import { json } from "node:stream/consumers";
import { serve } from "./serve.ts";

interface Call {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

type Answer = (call: Call) => { readonly status?: number; readonly body: object };

/** A server that speaks AWS's JSON protocols as one service does until the test ends, and the settings that lead a client to it. */
export async function awsServer(answer: Answer) {
  const calls: Call[] = [];
  const endpoint = await serve((request, response) => {
    void json(request).then((input) => {
      const operation = String(request.headers["x-amz-target"]).split(".")[1] ?? "";
      const call = { operation, input: input as Call["input"] };
      calls.push(call);
      const { status = 200, body } = answer(call);
      response.writeHead(status, { "content-type": "application/x-amz-json-1.0" }).end(JSON.stringify(body));
    });
  });
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  return { calls, client: { endpoint, region: "us-east-1", credentials, maxAttempts: 1 } };
}
