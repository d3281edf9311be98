import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Program, root } from "./process.ts";
import { addresses, expect, test } from "./system.ts";

test("docs/bulk.md: its commands for one machine do what it says", async ({ dataDir }) => {
  const text = await readFile(join(root, "docs/bulk.md"), "utf8");
  const [here = "", onAws = ""] = [...text.matchAll(/^```sh\n(.*?)^```/gms)].map(([, block = ""]) => block.trim());
  expect(onAws).toContain("npm run bulk -- --stage prod"); // run by e2e/aws
  const questions = join(dataDir, "questions.csv");
  await mkdir(dataDir, { recursive: true });
  await writeFile(questions, "title,body\nHow do I sort a list in Python?,\n,none\n");
  const commands = here.replaceAll("http://127.0.0.1:9000", addresses.s3).replace("questions.csv", questions);
  await using program = new Program(["bash", "-ec", commands]);
  expect(await program.exitCode(), program.output).toBe(0);
  expect(program.output).toContain("2 rows: 1 tagged, 1 failed");
  expect(program.output).toMatch(/"rows": 2,\s+"tagged": 1,\s+"failed": 1/);
});
