import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "./process.ts";

/** The lines of a document's `sh` blocks. */
export async function shellCommands(file: string): Promise<string[]> {
  const blocks = (await readFile(join(root, file), "utf8")).matchAll(/^```sh\n(.*?)^```/gms);
  return [...blocks].flatMap(([, block = ""]) => block.trim().split("\n"));
}
