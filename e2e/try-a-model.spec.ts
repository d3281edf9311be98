import type { APIRequestContext } from "@playwright/test";
import { signIn } from "./admin.ts";
import { shellCommands } from "./documents.ts";
import { Program } from "./process.ts";
import { expect, test } from "./system.ts";
import { systemWithTwoModels } from "./two-models.ts";

test.slow(); // it starts a system of its own and has it load models

const ask = async (request: APIRequestContext, api: string, title: string) => {
  const answer = await request.post(`${api}/api/v1/predict`, { data: { title } });
  return ((await answer.json()) as { ml_model_metadata: { name: string } }).ml_model_metadata.name;
};

test("an operator tries a model out as the document says, and the admin sees how it does and decides", async ({
  page,
  request,
  dataDir,
  checkAccessibility,
}) => {
  await using system = await systemWithTwoModels(dataDir);
  const commands = await shellCommands("docs/versions.md");
  const run = async (part: string) => {
    const command = commands.find((line) => line.includes(` ${part}`)) ?? `false # no ${part}`;
    await using program = new Program(["bash", "-ec", command.replace("http://127.0.0.1:9000", system.s3)]);
    expect(await program.exitCode(), `${command}\n${program.output}`).toBe(0);
  };
  const onTrial = page.getByRole("region", { name: "On trial", exact: true });

  await run("shadow");
  await signIn(page, system.web);
  await page.goto(`${system.web}/dashboard/models`);
  await expect(onTrial).toContainText("my-tags@1.0.0 is compared on 100 % of the questions and answers none");
  await expect(onTrial).toContainText("figures of both since the trial began");
  expect(await ask(request, system.api, "How do I merge two dictionaries in Python?")).not.toBe("my-tags");
  await expect(onTrial).toContainText("Answers compared: 1. The tags were the same in 100 % of them");
  await expect(onTrial.getByRole("status").filter({ hasText: "Too early to tell" })).toBeVisible();
  await checkAccessibility();

  await run("canary");
  await page.reload();
  await expect(onTrial).toContainText("my-tags@1.0.0 answers 10 % of the questions");
  const answeredBy = async () => {
    const titles = Array.from({ length: 100 }, (_, n) => `Merge dictionary number ${n} in Python`);
    return new Set(await Promise.all(titles.map((title) => ask(request, system.api, title))));
  };
  await expect.poll(answeredBy).toEqual(new Set(["my-tags", "stackoverflow-tags"]));

  await page.getByRole("button", { name: "Stop the trial of my-tags@1.0.0" }).press("Enter");
  await page.getByRole("alertdialog").getByRole("button", { name: "Stop the trial" }).press("Enter");
  await expect(onTrial).toHaveCount(0);
  await expect.poll(answeredBy).toEqual(new Set(["stackoverflow-tags"]));

  await run("canary");
  await run("stop");
  await run("shadow");
  await run("promote");
  await expect.poll(answeredBy).toEqual(new Set(["my-tags"]));
  await page.close();
});
