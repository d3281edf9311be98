import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const script = fileURLToPath(new URL("../check-node.mjs", import.meta.url));
const version = process.versions.node;
const [major = 0, minor = 0] = version.split(".").map(Number);

it.each([
  [`${major - 1}.${minor + 100}`, ""],
  [`${major}.${minor}`, ""],
  [`${major}.${minor + 100}`, `This is Node ${version}; ${major}.${minor + 100} or newer is needed.\n`],
  [`${major + 100}.0`, `This is Node ${version}; ${major + 100}.0 or newer is needed.\n`],
])("where Node %s is needed, npm start says so if this one is older", async (needed, said) => {
  const folder = await mkdtemp(join(tmpdir(), "check-node-"));
  try {
    await writeFile(join(folder, "package.json"), JSON.stringify({ engines: { node: `>=${needed}` } }));
    const { status, stderr } = spawnSync(process.execPath, [script], { cwd: folder, encoding: "utf8" });
    expect({ status, stderr }).toEqual({ status: said ? 1 : 0, stderr: said });
  } finally {
    await rm(folder, { recursive: true });
  }
});
