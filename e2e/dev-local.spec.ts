import { appendFile, cp, mkdir, readdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { Program, root, systemPorts } from "./process.ts";
import { expect, test } from "./system.ts";

test("npm run dev:local answers from the sources, takes a change, and Ctrl-C ends all", async ({
  request,
  dataDir,
}, info) => {
  test.slow();
  const tree = await copyTree(info.outputPath("tree"));
  const variables = { ...systemPorts(), DATA_DIR: dataDir, LOG_LEVEL: "info" };
  await using system = new Program(["node", "--import", "tsx", "packages/local/src/dev-local.ts"], variables, tree);
  const web = await system.prints(/^web +(http:\S+)/m);
  const api = await system.prints(/^inference +(http:\S+)/m);
  const question = { title: "How do I merge two dictionaries in Python?", body: "" };
  const answer = await request.post(`${api}/api/v1/predict`, { data: question });
  expect(await answer.json()).toMatchObject({ tags: expect.arrayContaining(["python"]) });
  expect((await request.get(web)).status()).toBe(200);
  expect(system.output).toMatch(/^inference +\| .*model ready/m);
  expect(system.output).toMatch(/^web +\| /m);

  await appendFile(join(tree, "packages/features/src/words.ts"), '\nprocess.stdout.write("a changed source\\n");\n');
  await system.prints(/^inference +\| a changed source/m);
  await expect(async () => expect((await request.get(`${api}/readyz`)).status()).toBe(200)).toPass();

  system.signal("SIGINT");
  expect(await system.exitCode()).toBe(0);
  for (const url of [web, api]) await expect(fetch(url)).rejects.toThrow();
});

/** The packages' sources, to be changed without harm, with the modules that are installed here. */
async function copyTree(tree: string): Promise<string> {
  const isSource = (path: string) => !/\/(node_modules|dist|build|\.wireit)$/.test(path);
  await cp(join(root, "packages"), join(tree, "packages"), { recursive: true, filter: isSource });
  await cp(join(root, "package.json"), join(tree, "package.json"));
  const names = await readdir(join(root, "packages"));
  for (const folder of ["node_modules", ...names.map((name) => `packages/${name}/node_modules`)]) {
    await mkdir(join(tree, folder));
    for (const name of await readdir(join(root, folder)).catch(() => [])) {
      const isCache = name.startsWith(".vite"); // the watchers look at what is written into their own tree only
      if (name !== "@tagsmith" && !isCache) await symlink(join(root, folder, name), join(tree, folder, name));
    }
  }
  await mkdir(join(tree, "node_modules/@tagsmith"));
  for (const name of names) await symlink(join(tree, "packages", name), join(tree, "node_modules/@tagsmith", name));
  return tree;
}
