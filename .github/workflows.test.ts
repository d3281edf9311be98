import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const folder = join(import.meta.dirname, "workflows");
const workflows = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")] as const);
const scripts = Object.keys(
  (JSON.parse(readFileSync(join(import.meta.dirname, "../package.json"), "utf8")) as { scripts: object }).scripts,
);

const actionlint = spawnSync("actionlint", ["-version"]).error === undefined;

it.skipIf(!actionlint)("actionlint (not on this machine's path: the check workflow runs it): finds nothing", () => {
  const { stdout, status } = spawnSync("actionlint", ["-no-color"], { cwd: folder, encoding: "utf8" });
  expect(stdout).toBe("");
  expect(status).toBe(0);
});

describe.each(workflows)("%s", (_name, text) => {
  it("permissions: said for the whole file, and never all", () => {
    expect(text).toMatch(/^permissions:/m);
    expect(text).not.toMatch(/write-all|read-all/);
  });

  it("concurrency: said", () => {
    expect(text).toMatch(/^concurrency:/m);
  });

  it("pull requests: never run with the rights of the target's branch", () => {
    expect(text).not.toContain("pull_request_target");
  });

  it("expressions: no text from outside is put into a script", () => {
    const runs = [...text.matchAll(/run: (?:\|\n((?: {10}.*\n)+)|(.*))/g)].map(([, block, line]) => block ?? line);
    expect(runs.filter((run) => run?.includes("${{"))).toEqual([]);
  });

  it("actions: of known makers, at GitHub's own versions or at a commit", () => {
    const uses = [...text.matchAll(/uses: (?!\.\/)(\S+)/g)].map(([, action = ""]) => action);
    const isPinned = /^(actions\/[\w-]+@v\d+|(aws-actions|changesets)\/[\w-]+@[0-9a-f]{40})$/;
    expect(uses.filter((action) => !isPinned.test(action))).toEqual([]);
  });

  it("scripts of packages: none where the token may write to the repository", () => {
    const installs = [...text.matchAll(/npm ci.*/g)].map(([command]) => command);
    if (text.includes("contents: write")) expect(new Set(installs)).toEqual(new Set(["npm ci --ignore-scripts"]));
  });

  it("npm run: calls scripts that there are", () => {
    const called = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, name = ""]) => name);
    expect(called.filter((name) => !scripts.includes(name))).toEqual([]);
  });
});

it("identity tokens: for the deploy job alone", () => {
  const texts = workflows.filter(([, text]) => text.includes("id-token: write")).map(([name]) => name);
  expect(texts).toEqual(["deploy.yml"]);
});
