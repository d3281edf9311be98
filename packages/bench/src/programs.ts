import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Command } from "./children.ts";

const fileOf = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The built service. */
export const serviceProgram: Command = [process.execPath, fileOf("../../inference/dist/main.js")];

/** The built UI. */
export const webProgram: Command = [process.execPath, fileOf("../../web/build/main.js")];

/** One of this package's own servers, built as the service is. */
export function program(
  name: "adapter" | "collector" | "discard" | "limit" | "store",
  ...parameters: string[]
): Command {
  return [process.execPath, fileOf(`../dist/${name}.js`), ...parameters];
}

/** The Python peers, in a folder beside a checkout; a stranger's clone has none. */
export function findPeers(): string | undefined {
  const folder = fileOf("../../../../shared/peers");
  return existsSync(`${folder}/start`) ? folder : undefined;
}
