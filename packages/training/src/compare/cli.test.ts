import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { writeManifest } from "@tagsmith/model-bundle/bundle";
import { isBundleError } from "@tagsmith/model-bundle/errors";
import { publish } from "@tagsmith/model-bundle/publish";
import { promote } from "@tagsmith/model-bundle/release";
import { tinyBundle } from "@tagsmith/model-bundle/test/tiny-bundle";
import { itWithStore } from "@tagsmith/model-bundle/test/with-store";
import { expect, it } from "vitest";

const cli = fileURLToPath(new URL("./cli.ts", import.meta.url));
const run = promisify(execFile);

const evaluate = (args: readonly string[], variables: Readonly<Record<string, string>> = {}) =>
  run(process.execPath, ["--import", "tsx", cli, ...args], { env: { ...process.env, ...variables } });

/** Two hundred questions on python and javascript; a tiny model finds a label that stands in the title. */
async function questions(): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), "evaluate-")), "questions.jsonl");
  const lines = Array.from({ length: 200 }, (_, index) => {
    const tag = index % 2 === 0 ? "python" : "javascript";
    return JSON.stringify({ title: `How do I sort list ${index} in ${tag}`, tags: [tag], split: "test" });
  });
  await writeFile(file, lines.join("\n"));
  return file;
}

const sound = { labels: ["python", "javascript"] };
/** The same labels in another order. */
const reordered = { labels: ["javascript", "python"], version: "2" };

itWithStore("a worse model is found worse, and its promotion refused from then on", async ({ store, url }) => {
  await promote(store, await publish(store, await tinyBundle(sound)));
  const bundle = await tinyBundle({ ...sound, version: "2" });
  // Thresholds that nothing reaches: it suggests no tag at all.
  const silent = { ...bundle, manifest: { ...bundle.manifest, thresholds: [1, 1] } };
  const candidate = await publish(store, silent);
  const args = ["--data", await questions(), "--bundle", "tiny@2", "--against", "current", "--bucket", "models"];
  const { stdout } = await evaluate(args, { AWS_ENDPOINT_URL: url });
  expect(stdout).toMatch(/^tiny@2 is worse than tiny@1: 200 questions, 2 labels/);
  expect(stdout).toMatch(/micro F1 +0\.0000 against 1\.0000 +-1\.0000 .*p < \.001/);
  expect(stdout).toMatch(
    /Only tiny@1 is right \(200 questions\):\n +How do I sort list 0 in python\n +python; the other: none/,
  );
  const refused = await promote(store, candidate).catch((error: unknown) => error);
  expect(isBundleError(refused, "worse")).toBe(true);
  const { stderr } = await evaluate(args, { AWS_ENDPOINT_URL: url });
  expect(stderr).toMatch(/kept in s3:\/\/models, .*, instead of what 200 questions told on \d{4}-\d\d-\d\d: worse/);
});

it("two folders are compared by the labels that both know, whatever their order", async () => {
  const [one, other] = [
    await tinyBundle(sound),
    await tinyBundle({ ...reordered, labels: [...reordered.labels, "go"] }),
  ];
  const { stdout } = await evaluate(["--data", await questions(), "--bundle", one.folder, "--against", other.folder]);
  expect(stdout).toMatch(/^tiny@1 is neither better nor worse, for certain, than tiny@2: 200 questions, 2 labels/);
});

it("a question that is there twice is asked and counted once", async () => {
  const file = await questions();
  await appendFile(file, `\n${await readFile(file, "utf8")}`);
  const { folder } = await tinyBundle(sound);
  const { stdout } = await evaluate(["--data", file, "--bundle", folder, "--against", folder]);
  expect(stdout).toMatch(/: 200 questions, 2 labels/);
});

it("labels are those that the questions have, whatever the case in which a model spells them", async () => {
  const one = await tinyBundle(sound);
  const other = await tinyBundle({ labels: ["Python", "JavaScript"], version: "2" });
  const { stdout } = await evaluate(["--data", await questions(), "--bundle", other.folder, "--against", one.folder]);
  expect(stdout).toMatch(/^tiny@2 is neither better nor worse, for certain, than tiny@1: 200 questions, 2 labels/);
  expect(stdout).toMatch(/micro F1 +1\.0000 against 1\.0000/);
});

it("a model of numbers is refused in words", async () => {
  const text = await tinyBundle(sound);
  const input = { kind: "floats" as const, name: "x", columns: ["length"] };
  const golden = { tolerance: 0.01, examples: [{ floats: [1], probabilities: [0, 0] }] };
  const numbers = await tinyBundle(sound);
  await writeManifest({ ...numbers, manifest: { ...numbers.manifest, version: "2", input, golden } });
  const args = ["--data", await questions(), "--bundle", numbers.folder, "--against", text.folder];
  await expect(evaluate(args)).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^tiny@2 reads rows of numbers: it can't be asked questions\./) as string,
  });
});

it.each([
  [["--bundle", "a", "--against", "b"], /--data, --bundle and --against are needed/],
  [["--data", "none.jsonl", "--bundle", "a@1", "--against", "current"], /a@1 is in which bucket\?/],
  [["--data", "none.jsonl", "--bundle", "nowhere", "--against", "b"], /nowhere/],
  [["--data", "d", "--bundle", "a", "--against", "b", "--split", "train"], /--split train is neither test nor val/],
])("%j is refused in words", async (args, reason) => {
  await expect(evaluate(args, { MODEL_BUCKET: "" })).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(reason) as string,
  });
});

it("an endpoint that is not a URL is refused in words", async () => {
  const args = ["--data", "d", "--bundle", "a@1", "--against", "current", "--bucket", "models"];
  await expect(evaluate(args, { AWS_ENDPOINT_URL: "foo" })).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^the endpoint "foo" is not a URL.*\n\nnpm run evaluate/) as string,
  });
});

it("--help tells how to call it, on standard output", async () => {
  expect(await evaluate(["--help"])).toMatchObject({ stdout: expect.stringContaining("npm run evaluate") as string });
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  itWithStore(`${signal} ends it and leaves no model on the disk`, async ({ store, url, faults, dir }) => {
    await promote(store, await publish(store, await tinyBundle(sound)));
    const place = await mkdtemp(join(dir, "temporary-"));
    const args = ["--data", "unread", "--bundle", "tiny@1", "--against", "current", "--bucket", "models"];
    const child = spawn(process.execPath, ["--import", "tsx", cli, ...args], {
      env: { ...process.env, AWS_ENDPOINT_URL: url, TMPDIR: place },
    });
    const end = once(child, "exit");
    const left = async () => (await readdir(place)).filter((name) => name.startsWith("evaluate-"));
    let whileItRan: string[] = [];
    const action = async () => {
      whileItRan = await left();
      child.kill(signal);
      await end;
    };
    faults.add({ kind: "meanwhile", action }, { operation: "GetObject", skip: 1 });
    expect(await end).toEqual([null, signal]);
    expect(whileItRan).toHaveLength(1);
    expect(await left()).toEqual([]);
  });
}
