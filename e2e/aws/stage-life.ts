import { rm } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../process.ts";
import { setOffAlarms } from "./alarms.ts";
import { type CommandLine, run } from "./command.ts";
import { docker } from "./engine.ts";
import { predict, underLoad } from "./load.ts";
import { bucketOf, bulk, model } from "./operator.ts";
import { until } from "./poll.ts";
import { containers, restart, service, services, settled } from "./services.ts";
import type { Simulator } from "./simulator.ts";
import type { Workspace } from "./workspace.ts";

interface Surroundings {
  readonly simulator: Simulator;
  readonly workspace: Workspace;
  /** Where the balancer's site is reached. */
  readonly url: string;
}

const journeys = ["ask-a-question", "about-the-model", "rest-clients"];
const sklearn = "examples/sklearn-text";
const newModel = { name: "other-tags", version: "1.0.0", id: "other-tags@1.0.0" };

/** What the deployed stage goes through; each method throws where it doesn't hold, and may tell a detail. */
export class StageLife {
  readonly #simulator: Simulator;
  readonly #workspace: Workspace;
  readonly #url: string;

  constructor({ simulator, workspace, url }: Surroundings) {
    this.#simulator = simulator;
    this.#workspace = workspace;
    this.#url = url;
  }

  async settles(): Promise<string> {
    const all = await settled(this.#simulator);
    if (all.length !== 2) throw new Error(`${all.length} services instead of two`);
    return all.map(({ desiredCount }) => `${desiredCount} tasks`).join(" and ");
  }

  async journeys(): Promise<string> {
    const env = { TAGSMITH_WEB: this.#url, TAGSMITH_API: this.#url, TAGSMITH_S3: this.#simulator.url };
    const places = ["--config", "e2e", "--reporter", "list", "--output", "test-results/deploy"];
    const command: CommandLine = ["npx", "playwright", "test", ...places, ...journeys];
    const output = await run(command, { cwd: root, env, timeoutMs: 300_000 });
    return /\d+ passed/.exec(output)?.[0] ?? "none counted";
  }

  async alarms(): Promise<string> {
    return `${await setOffAlarms(this.#simulator)} alarms`;
  }

  async deploysAgain(): Promise<undefined> {
    const before = await this.#running();
    await this.#workspace.sst("deploy");
    await settled(this.#simulator);
    same(before, await this.#running());
  }

  async promotes(): Promise<string> {
    const folder = join(root, ".tagsmith/aws/model");
    await rm(folder, { recursive: true, force: true });
    const files = ["--onnx", `${sklearn}/model.onnx`, "--labels", `${sklearn}/labels.json`, "--out", folder];
    await model(this.#simulator, "import", ...files, "--name", newModel.name, "--version", newModel.version);
    return this.#changeModel(newModel.id, async (bucket) => {
      await model(this.#simulator, "publish", folder, ...bucket);
      await model(this.#simulator, "promote", newModel.id, ...bucket);
    });
  }

  async rollsBack(): Promise<string> {
    return this.#changeModel("stackoverflow-tags@", (bucket) => model(this.#simulator, "rollback", ...bucket));
  }

  /** A job of two files, and once more, when nothing is left to do. */
  async tagsFiles(): Promise<string> {
    const bucket = await bucketOf(this.#simulator, "files");
    const question = '{"title":"How do I merge two dictionaries in Python?"}\n';
    await this.#simulator.put(`${bucket}/in/q.jsonl`, question.repeat(20_000));
    await this.#simulator.put(`${bucket}/in/q.csv`, "title,body\nHow do I sort a list in Python?,\n,none\n");
    const places = ["--input", `s3://${bucket}/in`, "--output", `s3://${bucket}/out`] as const;
    const first = await bulk(this.#simulator, ...places);
    if (!first.includes("20,002 rows: 20,001 tagged, 1 failed")) throw new Error(first);
    same(first, await bulk(this.#simulator, ...places));
    return first.trim();
  }

  async replacesKilled(): Promise<undefined> {
    const inference = await service(this.#simulator, "Inference");
    const before = await containers(this.#simulator, inference);
    const [victim = ""] = before;
    await docker(["kill", victim]);
    const replaced = async () => {
      const now = await containers(this.#simulator, inference);
      return (now.length === before.length && !now.includes(victim)) || undefined;
    };
    await until("another task runs", replaced, { timeoutMs: 120_000 });
    await settled(this.#simulator);
    await predict(this.#url);
  }

  async survivesCrash(): Promise<string> {
    const before = await this.#running("Inference");
    await this.#workspace.breakInference();
    const { load } = await underLoad(this.#url, async () => {
      // CloudFormation waits for ECS and fails here; its simulation doesn't, so ECS is asked.
      await this.#workspace.sst("deploy");
      const failed = async () => {
        const { deployments } = await service(this.#simulator, "Inference");
        return deployments.find(({ rolloutState }) => rolloutState === "FAILED");
      };
      await until("the deployment fails", failed, { timeoutMs: 180_000 });
      await settled(this.#simulator);
    });
    same(before, await this.#running("Inference"));
    return load.toBeFlawless();
  }

  async isRemoved(): Promise<string> {
    const simulator = this.#simulator;
    await this.#workspace.sst("remove");
    const formation = { Action: "DescribeStacks", Version: "2010-05-15" };
    const left = [
      ...(await simulator.query(formation, "StackName")).filter((name) => name.startsWith("prod-tagsmith")),
      ...(await services(simulator)).map(({ serviceName }) => serviceName),
      ...(await simulator.query({ Action: "DescribeLoadBalancers", Version: "2015-12-01" }, "DNSName")),
      ...(await simulator.query({ Action: "DescribeVpcs", Version: "2016-11-15" }, "cidrBlock")).filter((block) =>
        block.startsWith("10.0."),
      ),
    ];
    if (left.length > 0) throw new Error(`left behind: ${left.join(", ")}`);
    const kept = (await simulator.buckets()).filter((name) => name.startsWith("prod-tagsmith")).sort();
    const isKept = (part: string) => kept.some((name) => name.includes(part));
    if (kept.length !== 3 || !["models", "accesslogs", "files"].every(isKept))
      throw new Error(
        `the buckets ${kept.join(", ")} instead of the models, the files of questions and the access logs`,
      );
    return kept.join(" and ");
  }

  /** Task definitions and containers of each service with that in its name. */
  async #running(name = ""): Promise<string> {
    const all = (await services(this.#simulator)).filter(({ serviceName }) => serviceName.includes(name));
    const lines = all.map(async (one) => `${one.taskDefinition} ${(await containers(this.#simulator, one)).join(" ")}`);
    return (await Promise.all(lines)).sort().join("\n");
  }

  async #changeModel(expected: string, change: (bucket: readonly string[]) => Promise<void>): Promise<string> {
    const bucket = await bucketOf(this.#simulator, "models");
    const { load } = await underLoad(this.#url, async () => {
      await change(["--bucket", bucket, "--endpoint", this.#simulator.url]);
      await restart(this.#simulator, await service(this.#simulator, "Inference"));
    });
    const answering = await predict(this.#url);
    if (!answering.startsWith(expected)) throw new Error(`${answering} answers, not ${expected}`);
    return `${answering}, ${load.toBeFlawless()}`;
  }
}

function same(before: string, after: string): void {
  if (before !== after) throw new Error(`before:\n${before}\nafter:\n${after}`);
}
