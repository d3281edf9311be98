import { mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { readBundle } from "@tagsmith/model-bundle/bundle";
import { beforeAll, expect, test } from "vitest";
import {
  commandOf,
  probabilities,
  questions,
  run,
  runLimited,
  train,
  transformer,
  verbs,
} from "../../test/small-training.ts";
import { readDataset } from "../dataset.ts";

const teach = (...args: readonly string[]) => run(process.execPath, [...commandOf("teach/cli.ts"), ...args]);

let folder: string;
let data: string;
/** The options that say who teaches. */
let teacher: readonly string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tagsmith-"));
  data = join(folder, "questions.jsonl");
  await writeFile(data, questions());
  teacher = ["--data", data, "--transformer", await transformer(["css", "java", "python", "reactjs"])];
});

/** Questions without tags about a word that only the transformer knows. */
async function untagged(count: number, ...more: readonly string[]): Promise<string> {
  const titles = Array.from({ length: count }, (_, index) => `Why does the vector ${verbs[index % 10]} entry ${index}`);
  const file = join(await mkdtemp(join(tmpdir(), "tagsmith-")), "asked.jsonl");
  await writeFile(file, [...titles, ...more].map((title) => JSON.stringify({ title })).join("\n"));
  return file;
}

test(
  "the linear model learns what both together think of questions without tags, save of those that judge it",
  { timeout: 180_000 },
  async () => {
    const opinions = join(folder, "opinions.jsonl.gz");
    const [out, untaught] = [join(folder, "taught"), join(folder, "untaught")];
    const judging = (await readDataset(data)).find(({ split }) => split === "val")?.question.title ?? "";
    await teach(...teacher, "--questions", await untagged(60, judging), "--out", opinions);
    expect(
      gunzipSync(await readFile(opinions))
        .toString("utf8")
        .trim()
        .split("\n"),
    ).toHaveLength(61);
    await train("--data", data, "--opinions", opinions, "--out", out);
    await train("--data", data, "--out", untaught);
    const taught = await readBundle(out);
    expect((await probabilities("Why does the vector vanish", taught))["python"]).toBeGreaterThan(0.5);
    expect((await probabilities("Why does the vector vanish", await readBundle(untaught)))["python"]).toBeLessThan(0.5);
    expect(taught.manifest.training_data).toMatch(/; a larger model's opinions of 60 more without their tags$/);
  },
);

test("questions that can't be read are named, and so is a wrong call", async () => {
  await expect(teach()).rejects.toThrow("All four options are needed.");
  expect((await teach("--help")).stdout).toContain("npm run teach");
  const asked = join(folder, "no-questions.jsonl");
  await writeFile(asked, '{"title":""}');
  const others = ["--data", asked, "--transformer", folder, "--out", join(folder, "never.jsonl.gz")];
  const wrong = teach("--questions", asked, ...others);
  await expect(wrong).rejects.toThrow(`${asked}:1: title: `);
  await expect(wrong).rejects.not.toMatchObject({ stderr: expect.stringContaining("    at ") as string });
  await writeFile(asked, '{"title":"a","tags":["b"],"split":"train"}');
  await expect(teach("--questions", asked, ...others)).rejects.toThrow("No question is in the split val");
});

test("a full disk is named in one line, and leaves the old opinions and nothing beside", async () => {
  const parent = await mkdtemp(join(tmpdir(), "tagsmith-"));
  const out = join(parent, "opinions.jsonl.gz");
  await writeFile(out, "old");
  const asked = await untagged(2_000);
  const limited = runLimited(...commandOf("teach/cli.ts"), ...teacher, "--questions", asked, "--out", out);
  await expect(limited).rejects.toMatchObject({
    stderr: expect.stringMatching(
      /^\S+\.opinions\.jsonl\.gz\.\d+ can't be written: EFBIG: file too large, write$/m,
    ) as string,
  });
  await expect(limited).rejects.not.toMatchObject({ stderr: expect.stringContaining("    at ") as string });
  expect(await readdir(parent)).toEqual(["opinions.jsonl.gz"]);
  expect(await readFile(out, "utf8")).toBe("old");
});
