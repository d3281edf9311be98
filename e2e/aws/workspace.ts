import { appendFile, cp, mkdir, rm, symlink } from "node:fs/promises";
import { join, relative } from "node:path";
import { root } from "../process.ts";
import { run } from "./command.ts";
import { builder } from "./engine.ts";
import type { Simulator } from "./simulator.ts";

const parts = [
  ".dockerignore",
  ".npmrc",
  "e2e",
  "package-lock.json",
  "package.json",
  "packages",
  "sst.config.ts",
  "stacks",
  "tsconfig.json",
];
const built = /^packages\/[^/]+\/(build|dist|\.wireit)$/;

/** A copy of the sources that is deployed: SST writes beside them, and a test breaks one of them. */
export class Workspace {
  readonly folder = join(root, ".tagsmith/aws/workspace");
  readonly #simulator: Simulator;

  constructor(simulator: Simulator) {
    this.#simulator = simulator;
  }

  async copy(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
    await mkdir(this.folder, { recursive: true });
    const filter = (path: string) => !built.test(relative(root, path));
    for (const part of parts)
      await cp(join(root, part), join(this.folder, part), { recursive: true, verbatimSymlinks: true, filter });
    await symlink(join(root, "node_modules"), join(this.folder, "node_modules"));
  }

  /** @returns what `sst` printed. */
  async sst(command: "deploy" | "remove"): Promise<string> {
    const env = {
      ...this.#simulator.environment,
      ...(await builder()),
      CI: "1",
      SST_TELEMETRY_DISABLED: "1",
      CDK_DISABLE_CLI_TELEMETRY: "1",
      DOCKER_CONFIG: join(this.folder, ".docker"), // CDK logs in to the simulated registry
    };
    const sst = join(root, "node_modules/.bin/sst");
    return run([sst, command, "--stage", "prod"], { cwd: this.folder, env, timeoutMs: 900_000 });
  }

  /** Makes the inference service's image one whose process ends at once. */
  async breakInference(): Promise<void> {
    await appendFile(join(this.folder, "packages/inference/Dockerfile"), 'CMD ["node", "-e", "process.exit(3)"]\n');
  }
}
