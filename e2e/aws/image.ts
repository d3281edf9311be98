import { spawn } from "node:child_process";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { docker } from "./engine.ts";

/** What an image of ours never holds: our sources, their maps, settings and locks of npm, environment files, keys. */
const strange = [
  /^app\/(?!node_modules\/).*\.(ts|tsx|map)$/,
  /(^|\/)\.npmrc$/,
  /(^|\/)\.env(\.|$)/,
  /^app\/(package-lock\.json|\.git\/|packages\/)/,
  /^(root|home|app)\/.*(\.pem|\.key|id_rsa|id_ed25519|\.aws\/|\.docker\/)/,
];
const telling = /_auth|npm_token|secret|password|AKIA[0-9A-Z]{16}/i;

/** The size as a registry keeps and sends it: gzipped. */
export async function compressedBytes(image: string): Promise<number> {
  let bytes = 0;
  const save = spawn("docker", ["save", image], { stdio: ["ignore", "pipe", "inherit"] });
  await pipeline(save.stdout, createGzip(), async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) bytes += chunk.length;
  });
  if (bytes < 1e6) throw new Error(`docker save ${image} gave ${bytes} bytes`);
  return bytes;
}

/** The paths in the image that have no place there. */
export async function strangeFiles(image: string): Promise<string[]> {
  const command = ["find", "/", "-xdev", "-type", "f", "-printf", String.raw`%P\n`];
  const paths = (await docker(["run", "--rm", "--user", "0", image, ...command])).split("\n");
  if (!paths.includes("app/main.js")) throw new Error(`no app/main.js among ${paths.length} files`);
  return paths.filter((path) => strange.some((pattern) => pattern.test(path)));
}

/** The image's steps and variables that look like a secret. */
export async function tellingHistory(image: string): Promise<string[]> {
  const steps = await docker(["history", "--no-trunc", "--format", "{{.CreatedBy}}", image]);
  const variables = await docker(["image", "inspect", "--format", "{{range .Config.Env}}{{println .}}{{end}}", image]);
  return `${steps}\n${variables}`.split("\n").filter((line) => telling.test(line));
}
