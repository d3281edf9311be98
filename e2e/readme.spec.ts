import { join } from "node:path";
import { shellCommands } from "./documents.ts";
import { Program, startSystem } from "./process.ts";
import { expect, test } from "./system.ts";

test("the README's commands do what it says, one after the other", async ({ request, dataDir }) => {
  const commands = await shellCommands("README.md");
  expect(commands.slice(0, 1)).toEqual(["npm ci && npm start"]);
  expect(commands).toContain("npm ci && npm test"); // the gate takes it from there
  expect(commands).toContain("npx sst deploy --stage prod"); // run by e2e/aws
  {
    await using system = startSystem(dataDir);
    const api = await system.prints(/inference +(http:\S+)/);
    const s3 = await system.prints(/store +(http:\S+)/);
    for (const command of commands.filter((line) => !/^npm ci|^npx sst/.test(line))) {
      const here = command
        .replace("http://127.0.0.1:8080", api)
        .replace("http://127.0.0.1:9000", s3)
        .replaceAll(/\bmy-model\b/g, join(dataDir, "my-model"));
      await using program = new Program(["bash", "-ec", here]);
      expect(await program.exitCode(), `${here}\n${program.output}`).toBe(0);
      if (command.startsWith("curl")) expect(program.output).toContain('"tags":["python"');
    }
  }
  await using restarted = startSystem(dataDir);
  const api = await restarted.prints(/inference +(http:\S+)/);
  expect(await (await request.get(`${api}/api/v1/models`)).json()).toMatchObject({ name: "my-tags", version: "1.0.0" });
});
