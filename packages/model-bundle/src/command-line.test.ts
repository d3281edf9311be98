import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { tinyBundle } from "../test/tiny-bundle.ts";
import { itWithStore, type StoreTest } from "../test/with-store.ts";
import { runCommandLine } from "./command-line.ts";
import { fileKey, POINTER_KEY } from "./layout.ts";
import { publish } from "./publish.ts";

const cli = fileURLToPath(new URL("./cli.ts", import.meta.url));

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function model({ url }: StoreTest, ...args: string[]): Promise<Outcome> {
  const out: string[] = [];
  const err: string[] = [];
  const env = { MODEL_BUCKET: "models", AWS_ENDPOINT_URL: url };
  const terminal = { out: (line: string) => out.push(line), err: (line: string) => err.push(line) };
  const code = await runCommandLine(args, env, terminal);
  return { code, out: out.join("\n"), err: err.join("\n") };
}

const tinyFolder = async (version: string) => (await tinyBundle({ version })).folder;

describe("npm run model", () => {
  itWithStore("takes a bundle through its life", async (given) => {
    expect(await model(given, "list")).toMatchObject({ code: 0, out: "s3://models has no published model" });
    for (const version of ["1", "2"]) {
      const dir = await tinyFolder(version);
      expect(await model(given, "verify", dir)).toMatchObject({
        code: 0,
        out: expect.stringContaining("is sound") as string,
      });
      expect(await model(given, "publish", dir)).toMatchObject({ code: 0 });
      expect(await model(given, "promote", `tiny@${version}`)).toEqual({
        code: 0,
        out: `tiny@${version} is the model in use`,
        err: "",
      });
    }
    const listed = await model(given, "list");
    expect(listed.out).toMatch(/^\s+NAME\s+VERSION\s+SIZE\s+PUBLISHED/);
    expect(listed.out.split("\n").filter((line) => line.startsWith("*"))).toEqual([expect.stringMatching(/tiny\s+2/)]);
    expect(await model(given, "rollback")).toMatchObject({ code: 0, out: "tiny@1 is the model in use again" });
    expect(await model(given, "rollback")).toMatchObject({
      code: 1,
      out: "",
      err: expect.stringContaining("no earlier model") as string,
    });
    expect(await model(given, "verify", "tiny@2")).toMatchObject({
      code: 0,
      out: expect.stringMatching(
        /^tiny@2 is sound: 2 files, .*, every SHA-256 right, 3 golden examples within 0.00001$/,
      ) as string,
    });
  });

  itWithStore("tries a model out beside the one in use", async (given) => {
    for (const version of ["1", "2"]) await model(given, "publish", await tinyFolder(version));
    await model(given, "promote", "tiny@1");
    expect(await model(given, "shadow", "tiny@2")).toEqual({
      code: 0,
      out: "tiny@2 is compared on 100 % of the questions and answers none; end it with: promote tiny@2, or stop",
      err: "",
    });
    expect(await model(given, "canary", "tiny@2", "--share", "0.05")).toMatchObject({
      code: 0,
      out: "tiny@2 answers 5 % of the questions; end it with: promote tiny@2, or stop",
    });
    expect((await model(given, "canary", "tiny@2", "--share", "1e-9")).out).toContain("answers 0.0000001 % of");
    await model(given, "canary", "tiny@2", "--share", "0.05");
    const { out } = await model(given, "list");
    expect(out).toMatch(/^\* +tiny +1 .*$/m);
    expect(out).toMatch(/^\? +tiny +2 .*$/m);
    expect(out).toMatch(/tiny@2 has been a canary on 5 % of the questions since \S+, by operator$/);
    expect(await model(given, "stop")).toMatchObject({ code: 0, out: "tiny@2 is no longer tried out" });
    expect(await model(given, "stop")).toMatchObject({ code: 1, err: "no model is tried out" });
  });

  itWithStore("lists what is published, too, where the pointer can't be read", async (given) => {
    await model(given, "publish", await tinyFolder("1"));
    await given.store.write(POINTER_KEY, "no JSON");
    const { code, out, err } = await model(given, "list");
    expect([code, err]).toEqual([1, expect.stringContaining("promote --force")]);
    expect(out).toMatch(/^ +tiny +1 .*$/m);
  });

  itWithStore("fails plainly", async (given) => {
    expect(await model(given, "promote", "tiny@7")).toEqual({
      code: 1,
      out: "",
      err: expect.stringContaining("s3://models/models/tiny/7/manifest.json doesn't exist") as string,
    });
    expect(await model(given, "publish", join(given.dir, "nowhere"))).toMatchObject({
      code: 1,
      err: expect.stringContaining("nowhere/manifest.json can't be read") as string,
    });
    const dir = await tinyFolder("1");
    await model(given, "publish", dir);
    await given.store.write(fileKey({ name: "tiny", version: "1" }, "vocabulary.bin"), "x");
    expect(await model(given, "verify", "tiny@1")).toMatchObject({
      code: 1,
      err: expect.stringContaining("vocabulary.bin") as string,
    });
    await writeFile(join(dir, "manifest.json"), "{}");
    expect(await model(given, "verify", dir)).toMatchObject({
      code: 1,
      err: expect.stringContaining("labels: ") as string,
    });
  });

  it("ends without a word where nobody reads what it says", async () => {
    const child = spawn(process.execPath, ["--import", "tsx", cli, "--help"]);
    const ended = once(child, "exit");
    child.stdout.destroy();
    expect(await text(child.stderr)).toBe("");
    expect(await ended).toEqual([141, null]);
  });

  itWithStore("tells how it is used, also of one command", async (given) => {
    expect(await model(given, "import", "--help")).toMatchObject({
      code: 0,
      out: expect.stringContaining("Usage: ") as string,
    });
  });

  itWithStore("says what it didn't understand, and how it is used", async (given) => {
    const misuses: [string[], string][] = [
      [[], "which command?"],
      [["destroy"], 'there is no command "destroy"'],
      [["list", "--force"], "--force"],
      [["publish"], "publish takes the folder of a bundle"],
      [["rollback", "tiny@1"], "rollback takes no operand"],
      [["promote", "tiny"], 'promote takes NAME@VERSION, not "tiny"'],
      [["canary", "tiny"], 'canary takes NAME@VERSION, not "tiny"'],
      [["canary", "tiny@1", "--share", "10"], '--share is more than 0 and at most 1, not "10"'],
      [["shadow", "tiny@1", "--share", "0"], '--share is more than 0 and at most 1, not "0"'],
      [["promote", "tiny@1", "--share", "0.1"], "promote takes no --share"],
      [["list", "--bucket", ""], "which bucket?"],
      [["list", "--endpoint", "nonsense"], 'the endpoint "nonsense" is not a URL'],
      [["import", "--onnx", "x"], "import needs --out"],
      [["import", "--out", "x", "--labels", "x", "--onnx", "x"], "can't be read"],
      [
        ["import", "--out", "x", "--onnx", "x", "--name", "x", "--version", "1", "--fields", "tags"],
        '--fields has title, body, prose, code, not "tags"',
      ],
      [
        ["import", "--out", "x", "--onnx", "x", "--name", "x", "--version", "1", "--activation", "tanh"],
        '--activation is sigmoid, softmax or none, not "tanh"',
      ],
      [
        ["import", "--out", "x", "--onnx", "x", "--name", "x", "--version", "1", "--threshold", ""],
        '--threshold is a number, not ""',
      ],
    ];
    for (const [args, message] of misuses) {
      const { code, err } = await model(given, ...args);
      expect(err).toContain(message);
      expect(code).toBe(message.includes("read") ? 1 : 2);
    }
  });

  itWithStore("leaves nothing of a model that it verifies when Ctrl-C ends it", async (given) => {
    await publish(given.store, await tinyBundle({ version: "1" }));
    await endWhileReading(given, "SIGINT", ["verify", "tiny@1"]);
  });

  itWithStore("leaves nothing of what it compares with a broken-off publication when it is ended", async (given) => {
    const { folder, manifest } = await tinyBundle({ version: "1" });
    const path = join(folder, "model.onnx");
    const { size } = await stat(path);
    await given.store.writeFile(fileKey(manifest, "model.onnx"), { path, bytes: size }, { ifAbsent: true });
    await endWhileReading(given, "SIGTERM", ["publish", folder]);
  });
});

/** Ends a command while it reads the model's file, and looks for what it leaves in the folder for temporary files. */
async function endWhileReading({ url, faults, dir }: StoreTest, signal: NodeJS.Signals, args: string[]): Promise<void> {
  const place = await mkdtemp(join(dir, "temporary-"));
  const env = { ...process.env, TMPDIR: place, MODEL_BUCKET: "models", AWS_ENDPOINT_URL: url };
  const child = spawn(process.execPath, ["--import", "tsx", cli, ...args], { env });
  const end = once(child, "exit");
  const left = async () => (await readdir(place)).filter((name) => !name.startsWith("tsx-"));
  let whileItRan: string[] = [];
  const action = async () => {
    whileItRan = await left();
    child.kill(signal);
    await end;
  };
  faults.add({ kind: "meanwhile", action }, { operation: "GetObject", key: "models/tiny/1/model.onnx" });
  expect(await end).toEqual([null, signal]);
  expect(whileItRan).toHaveLength(1);
  expect(await left()).toEqual([]);
}
