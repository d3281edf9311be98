import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** Step Functions, as far as it is asked here: an execution runs until `end` is called. */
export class StepFunctions {
  readonly started: { name: string; input: object }[] = [];
  end: { status: string; error?: string; cause?: string | undefined } | undefined;
  /** Whoever asks may not. */
  isClosed = false;
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      void text(request).then((body) => {
        const operation = String(request.headers["x-amz-target"]).split(".")[1] ?? "";
        response.setHeader("content-type", "application/x-amz-json-1.0");
        if (this.isClosed) response.statusCode = 400;
        response.end(JSON.stringify(this.#answer(operation, JSON.parse(body) as Record<string, string>)));
      });
    });
  }

  #answer(operation: string, input: Record<string, string>): object {
    const arn = "arn:aws:states:us-east-1:1:stateMachine:prod-tagsmith-bulk";
    const last = this.started.at(-1);
    if (this.isClosed) return { __type: "AccessDeniedException", message: `not authorized: states:${operation}` };
    switch (operation) {
      case "ListStateMachines":
        return { stateMachines: [{ name: "prod-tagsmith-bulk", stateMachineArn: arn }] };
      case "ListExecutions":
        return { executions: last && !this.end ? [{ name: last.name, executionArn: `${arn}:${last.name}` }] : [] };
      case "StartExecution":
        this.started.push({ name: input["name"] ?? "", input: JSON.parse(input["input"] ?? "") as object });
        return { executionArn: `${arn}:${input["name"]}` };
      case "StopExecution":
        this.end = { status: "ABORTED" };
        return {};
      default:
        return this.end ?? { status: "RUNNING" };
    }
  }

  async listen(): Promise<string> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
