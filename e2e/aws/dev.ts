import { appendFile, cp, mkdir, readFile, rm, symlink } from "node:fs/promises";
import { delimiter, join, relative } from "node:path";
import { freePort, root } from "../process.ts";
import { Background, run } from "./command.ts";
import { DevelopmentSimulator } from "./development-simulator.ts";
import { until } from "./poll.ts";
import { Report } from "./report.ts";

const folder = join(root, ".tagsmith/dev/workspace");
const log = join(root, ".tagsmith/dev/dev.log");
const stage = "dev";
const inference = "http://127.0.0.1:8080";
const web = "http://127.0.0.1:3000";
const question = { title: "How do I merge two dictionaries in Python?", body: "" };

/** `npm run test:dev`: `npm run dev` against a simulated AWS, on the ports that it always has. */
await new Report("dev").collect(async (report) => {
  await copySources();
  await using simulator = await DevelopmentSimulator.start(freePort());
  const env = {
    ...simulator.environment,
    PATH: `${join(root, "node_modules/.bin")}${delimiter}${process.env.PATH ?? ""}`,
  };
  const command = ["node", "--import", "tsx", "packages/local/src/dev.ts", "--stage", stage] as const;
  const ok = async (url: string) => (await fetch(url)).ok || undefined;
  const printed = async (pattern: RegExp) => pattern.exec(await readFile(log, "utf8"))?.[0];
  {
    await using dev = new Background(command, log, { cwd: folder, env });
    report.explainWith(async () => Promise.resolve(`${dev.tail}\n${simulator.log}`));
    const ready = await report.step("a stage is made, and both programs start with what it binds", async () => {
      await until("the stage is deployed", () => printed(/Deployed:/), { timeoutMs: 300_000 });
      await simulator.tellOfStacks();
      await until("inference is ready", () => ok(`${inference}/readyz`), { timeoutMs: 120_000 });
      await until("the pages are there", () => ok(web), { timeoutMs: 60_000 });
      return undefined;
    });
    if (!ready) return;
    await report.step("predictions come from the model in the stage's bucket", async () => {
      const request = {
        method: "POST",
        body: JSON.stringify(question),
        headers: { "content-type": "application/json" },
      };
      const { tags } = (await (await fetch(`${inference}/api/v1/predict`, request)).json()) as { tags: string[] };
      if (!tags.includes("python")) throw new Error(`tags: ${tags.join(", ")}`);
      return tags.join(" ");
    });
    await report.step("a changed source is taken", async () => {
      await appendFile(
        join(folder, "packages/inference/src/service.ts"),
        '\nprocess.stdout.write("a changed source\\n");\n',
      );
      await until("it has run", () => printed(/^inference +\| a changed source/m), { timeoutMs: 30_000 });
      return undefined;
    });
  }
  await report.step("with it ends all that it started", async () => {
    const gone = (url: string) =>
      fetch(url).then(
        () => undefined,
        () => true,
      );
    for (const url of [inference, web]) await until(`${url} is silent`, () => gone(url), { timeoutMs: 10_000 });
    return undefined;
  });
  await report.step("sst remove takes the stage away", async () => {
    await run(["sst", "remove", "--stage", stage], { cwd: folder, env, timeoutMs: 300_000 });
    return undefined;
  });
});

/** The sources, to be changed without harm. */
async function copySources(): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const isSource = (path: string) => !/^packages\/[^/]+\/(dist|build|\.wireit)$/.test(relative(root, path));
  for (const part of ["package.json", "package-lock.json", "packages", "sst.config.ts", "stacks", "tsconfig.json"])
    await cp(join(root, part), join(folder, part), { recursive: true, verbatimSymlinks: true, filter: isSource });
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
}
