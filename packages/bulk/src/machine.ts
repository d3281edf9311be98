import { createHash } from "node:crypto";
import {
  DescribeExecutionCommand,
  paginateListExecutions,
  paginateListStateMachines,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import { messageOf } from "@tagsmith/model-bundle/errors";
import { BulkFailure } from "./failure.ts";
import type { Job } from "./job.ts";
import { queueKey } from "./layout.ts";
import { addressOf } from "./place.ts";

export interface Status {
  readonly isRunning: boolean;
  /** Why it has ended, if not well. */
  readonly failure?: string;
}

/** A stage's state machine. A job is the executions with its output's name: at most one runs at a time. */
export class Machine {
  readonly #client: SFNClient;
  readonly #arn: string;

  private constructor(client: SFNClient, arn: string) {
    this.#client = client;
    this.#arn = arn;
  }

  /** @throws {BulkFailure} where the stage has none here */
  static async find(stage: string, region: string | undefined): Promise<Machine> {
    const client = clientOf(region);
    const name = `${stage}-tagsmith-bulk`;
    for await (const { stateMachines = [] } of paginateListStateMachines({ client }, {})) {
      const arn = stateMachines.find((machine) => machine.name === name)?.stateMachineArn;
      if (arn !== undefined) return new Machine(client, arn);
    }
    throw new BulkFailure(`There is no state machine ${name} in this account and region. Deploy the stage first.`);
  }

  /** A new execution, which does what is left of the job. */
  async start(job: Job): Promise<string> {
    const input = {
      input: addressOf(job.input),
      output: addressOf(job.output),
      queue: queueKey(job.output),
    };
    const { executionArn = "" } = await this.#client.send(
      new StartExecutionCommand({
        stateMachineArn: this.#arn,
        name: `${nameOf(job)}-${Date.now().toString(36)}`,
        input: JSON.stringify(input),
      }),
    );
    return executionArn;
  }

  /** The job's execution that runs now. */
  async running(job: Job): Promise<string | undefined> {
    const which = { stateMachineArn: this.#arn, statusFilter: "RUNNING" as const };
    for await (const { executions = [] } of paginateListExecutions({ client: this.#client }, which)) {
      const found = executions.find(({ name = "" }) => name.startsWith(nameOf(job)));
      if (found) return found.executionArn;
    }
    return undefined;
  }

  async status(execution: string): Promise<Status> {
    const command = new DescribeExecutionCommand({ executionArn: execution });
    const { status = "", error = "", cause = "" } = await this.#client.send(command);
    if (status === "RUNNING" || status === "SUCCEEDED") return { isRunning: status === "RUNNING" };
    return { isRunning: false, failure: [status, error, reasonOf(cause)].filter(Boolean).join(": ") };
  }

  async stop(execution: string): Promise<void> {
    await this.#client.send(new StopExecutionCommand({ executionArn: execution }));
  }
}

/** Of a task that failed, Step Functions gives all that ECS knows, as JSON, and nothing that it said itself. */
function reasonOf(cause: string): string {
  const [, reason] = /"StoppedReason":"([^"]+)"/.exec(cause) ?? [];
  const [, task] = /"TaskArn":"[^"]+\/(\w+)"/.exec(cause) ?? [];
  if (reason === undefined || task === undefined) return cause.slice(0, 1_000);
  return `${reason}; what it said is in the log stream bulk/Bulk/${task}`;
}

/** Whatever keeps it from an answer, such as credentials that are missing or may not, is a `BulkFailure`. */
function clientOf(region: string | undefined): SFNClient {
  const client = new SFNClient(region === undefined ? {} : { region });
  client.middlewareStack.add(
    (next) => async (request) => {
      try {
        return await next(request);
      } catch (cause) {
        throw new BulkFailure(`Step Functions can't be asked: ${messageOf(cause)}`, { cause });
      }
    },
    { step: "initialize", priority: "high" },
  );
  return client;
}

/** An execution's name can't hold an address. */
const nameOf = ({ output }: Job) => createHash("sha256").update(addressOf(output)).digest("hex").slice(0, 32);
