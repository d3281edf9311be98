import { Duration, IgnoreMode } from "aws-cdk-lib";
import { Platform } from "aws-cdk-lib/aws-ecr-assets";
import { AppProtocol, ContainerImage, type LogDriver } from "aws-cdk-lib/aws-ecs";
import type { Stage } from "./stage.ts";

export interface ContainerOptions {
  readonly name: "inference" | "web";
  readonly port: number;
  readonly healthPath: string;
  /** Folders that the image is not built from: a change in one of them leaves the service alone. */
  readonly without: readonly string[];
}

/** Longer than the slowest download of a model: before that, no task is ended for failing its health check. */
export const startTime = Duration.minutes(3);

/** A user without rights, on a read-only file system. */
export const unprivileged = { readonlyRootFilesystem: true, user: "1000" } as const;

/** A package's image and how it runs. */
export function container(options: ContainerOptions, architecture: Stage["architecture"], logging: LogDriver) {
  const { name, port, healthPath, without } = options;
  const url = `http://127.0.0.1:${port}${healthPath}`;
  const check = `fetch("${url}").then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))`;
  return {
    image: imageOf({ name, without }, architecture),
    logging,
    portMappings: [{ name, containerPort: port, appProtocol: AppProtocol.http }],
    // ECS looks neither at the image's own check nor, for Service Connect, at the balancer's.
    healthCheck: { command: ["CMD", "node", "-e", check], interval: Duration.seconds(10), startPeriod: startTime },
    ...unprivileged,
    // Longer than the balancer's deregistration delay (ingress.ts), shorter than Fargate's maximum of 120 s.
    stopTimeout: Duration.seconds(60),
  };
}

/** SST's own build can't leave folders out: each image would change with the other one's files. */
export function imageOf(
  { name, without }: Pick<ContainerOptions, "name" | "without">,
  architecture: Stage["architecture"],
) {
  return ContainerImage.fromAsset(".", {
    file: `packages/${name}/Dockerfile`,
    platform: architecture === "arm64" ? Platform.LINUX_ARM64 : Platform.LINUX_AMD64,
    ignoreMode: IgnoreMode.DOCKER,
    exclude: [...without],
  });
}
