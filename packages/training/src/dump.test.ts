import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Example } from "./dataset.ts";
import { readDump } from "./dump.ts";

async function read(xml: string): Promise<Example[]> {
  const file = join(await mkdtemp(join(tmpdir(), "tagsmith-")), "Posts.xml");
  await writeFile(file, xml);
  const examples: Example[] = [];
  for await (const example of readDump(file)) examples.push(example);
  return examples;
}

const rows = `<?xml version="1.0" encoding="utf-8"?>
<posts>
  <row Id="1" PostTypeId="1" CreationDate="2008-07-31T21:42:52.667" Title="C# &amp; .NET?" Body="&lt;p&gt;a&lt;/p&gt;" Tags="&lt;c#&gt;&lt;.net&gt;" />
  <row Id="2" PostTypeId="2" ParentId="1" Body="an answer" />
  <row Id="3" PostTypeId="1" CreationDate="2024-01-02T00:00:00.000" Title="Vue" Body="" Tags="|vue.js|node.js|" />
</posts>
`;

test("questions are read with both spellings of tags, answers are skipped", async () => {
  expect(await read(rows)).toMatchObject([
    { question: { title: "C# & .NET?", body: "<p>a</p>" }, tags: ["c#", ".net"], date: "2008-07-31" },
    { question: { title: "Vue", body: "" }, tags: ["vue.js", "node.js"], date: "2024-01-02" },
  ]);
});

test("a file that ends too early is an error, not a short dump", async () => {
  await expect(read(rows.slice(0, -20))).rejects.toThrow(/Posts\.xml: /);
});

test("a file that isn't there is named", async () => {
  await expect(readDump("nowhere/Posts.xml").next()).rejects.toThrow("nowhere/Posts.xml can't be read: ENOENT");
});
