import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

const machine = (name: string) => ({ name, stateMachineArn: `arn:aws:states:us-east-1:1:stateMachine:${name}` });
const execution = (name: string) => ({ name, executionArn: `arn:aws:states:us-east-1:1:execution:${name}` });

/** Step Functions, as far as it is asked here: the last execution runs until `end` is set, and another job's runs always. */
export class StepFunctions {
  readonly started: { name: string; input: object }[] = [];
  /** By their ARNs. */
  readonly stopped: string[] = [];
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
    const ours = machine("prod-tagsmith-bulk");
    const last = this.started.at(-1);
    if (this.isClosed) return { __type: "AccessDeniedException", message: `not authorized: states:${operation}` };
    switch (operation) {
      case "ListStateMachines":
        return { stateMachines: [machine("staging-tagsmith-bulk"), ours] };
      case "ListExecutions": {
        if (input["stateMachineArn"] !== ours.stateMachineArn) return { executions: [] };
        const another = execution("another-job");
        const isListed = last && (input["statusFilter"] === "RUNNING") === !this.end;
        return { executions: isListed ? [another, execution(last.name)] : [another] };
      }
      case "StartExecution":
        this.started.push({ name: input["name"] ?? "", input: JSON.parse(input["input"] ?? "") as object });
        return { executionArn: execution(input["name"] ?? "").executionArn };
      case "StopExecution":
        this.stopped.push(input["executionArn"] ?? "");
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
