import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "../process.ts";
import { Background, type CommandOptions, run } from "./command.ts";
import { until } from "./poll.ts";
import { print } from "./print.ts";

const baseImage = "node:24-bookworm-slim";
/** Makes a stand-in of the base image where no registry can be reached. */
const standIn = join(root, "../shared/lane/base-image.sh");

/** There is no Docker engine, and none is to be made here; the message tells why. */
export class NoEngine extends Error {
  override readonly name = "NoEngine";
}

/**
 * Works with a Docker engine that has the base image: the running one, or, in CI as root on Debian, one of our own.
 * @throws {NoEngine} where there is none.
 */
export async function withEngine(work: () => Promise<void>): Promise<void> {
  if (process.platform !== "linux") throw new NoEngine("containers are asked at their own addresses: that needs Linux");
  const own = (await answers()) ? undefined : await startEngine();
  try {
    // Docker's command may know the engine by a context, which the simulator doesn't read.
    process.env.DOCKER_HOST ??= await docker(["context", "inspect", "--format", "{{.Endpoints.docker.Host}}"]);
    await prepareBaseImage();
    await work();
  } finally {
    await own?.[Symbol.asyncDispose]();
  }
}

/** @returns what the command printed, without the line's end. */
export async function docker(parameters: readonly string[], options?: CommandOptions): Promise<string> {
  return (await run(["docker", ...parameters], options)).trim();
}

/** Builds a package's image as its Dockerfile says. */
export async function build(name: string): Promise<string> {
  const tag = `tagsmith-${name}`;
  await run(["docker", "build", "--tag", tag, "--file", `packages/${name}/Dockerfile`, "."], {
    cwd: root,
    env: await builder(),
    timeoutMs: 900_000,
  });
  return tag;
}

/** Forgets the names of images; what other names share of them stays. */
export async function removeImages(reference: string): Promise<void> {
  const always = { always: true };
  const names = '{{.Repository}}{{if eq .Tag "<none>"}}@{{.Digest}}{{else}}:{{.Tag}}{{end}}';
  const list = await docker(["images", "--digests", "--filter", `reference=${reference}`, "--format", names], always);
  if (list) await docker(["rmi", "--force", ...new Set(list.split("\n"))], always);
}

/** Which of Docker's builders there is. CDK and we want plain images of BuildKit, without attestations beside them. */
export async function builder(): Promise<Record<string, string>> {
  const hasBuildKit = await docker(["buildx", "version"]).then(
    () => true,
    () => false,
  );
  return hasBuildKit ? { BUILDX_NO_DEFAULT_ATTESTATIONS: "1" } : { DOCKER_BUILDKIT: "0" };
}

async function answers(): Promise<boolean> {
  return docker(["info", "--format", "{{.ServerVersion}}"]).then(
    () => true,
    () => false,
  );
}

async function startEngine(): Promise<Background> {
  if (!process.env.CI) throw new NoEngine("no Docker engine answers here");
  if (process.getuid?.() !== 0 || !existsSync("/etc/debian_version"))
    throw new Error("no Docker engine answers, and only root can make one, on Debian");
  print("no Docker engine answers: installing one");
  const apt = { env: { DEBIAN_FRONTEND: "noninteractive" }, timeoutMs: 600_000 };
  await run(["apt-get", "update"], apt);
  await run(["apt-get", "install", "-y", "--no-install-recommends", "docker.io", "debootstrap"], apt);
  // The package may have started the engine by itself.
  const folder = join(root, ".tagsmith/docker");
  mkdirSync(folder, { recursive: true });
  const places = ["data-root", "exec-root", "pidfile"].flatMap((name) => [`--${name}`, join(folder, name)]);
  const daemon = new Background(["dockerd", ...places], join(folder, "log"));
  try {
    await until("the Docker engine answers", async () => daemon.ended || (await answers()) || undefined, {
      timeoutMs: 60_000,
    });
    if (daemon.ended) throw new Error("dockerd ended");
    return daemon;
  } catch (cause) {
    const { tail } = daemon;
    await daemon[Symbol.asyncDispose]();
    throw new Error(`The Docker engine doesn't start. ${tail}`, { cause });
  }
}

async function prepareBaseImage(): Promise<void> {
  const present = await docker(["image", "inspect", baseImage]).catch(() => undefined);
  if (present !== undefined) return;
  try {
    await docker(["pull", baseImage], { timeoutMs: 600_000 });
    return;
  } catch (error) {
    if (!existsSync(standIn)) throw error;
  }
  print(`${baseImage} can't be pulled: making a stand-in`);
  const folder = join(root, ".tagsmith/node24");
  mkdirSync(folder, { recursive: true });
  await run(["npm", "install", "--prefix", folder, "--no-save", "--no-audit", "--no-fund", "node@24"], {
    timeoutMs: 300_000,
  });
  await run([standIn, baseImage, join(folder, "node_modules/.bin/node")], { timeoutMs: 900_000 });
}
