import { shellCommands } from "./documents.ts";
import { Program, startSystem } from "./process.ts";
import { expect, test } from "./system.ts";

test.slow(); // it starts a system of its own and has it load the large model

test("the large model is put to use as the document says, suggests tags, and tells why", async ({
  page,
  request,
  dataDir,
  checkAccessibility,
}) => {
  await using system = startSystem(dataDir, { WATCH_MS: "200" });
  const [web = "", api = "", s3 = ""] = await Promise.all(
    ["web", "inference", "store"].map((part) => system.prints(new RegExp(`${part} +(http:\\S+)`))),
  );
  const commands = (await shellCommands("docs/training.md")).filter((line) => line.startsWith("npm run model"));
  expect(commands).toHaveLength(2);
  for (const command of commands) {
    await using program = new Program(["bash", "-ec", command.replace("http://127.0.0.1:9000", s3)]);
    expect(await program.exitCode(), `${command}\n${program.output}`).toBe(0);
  }
  const model = async () => ((await (await request.get(`${api}/api/v1/models`)).json()) as { name: string }).name;
  await expect.poll(model).toBe("stackoverflow-tags-large");

  await page.goto(web);
  await page.getByRole("textbox", { name: "Title" }).fill("How do I merge two frames on a column in pandas?");
  await page.getByRole("textbox", { name: "Body" }).fill("<p>With this:</p><pre><code>pd.merge(a, b)</code></pre>");
  await page.getByRole("button", { name: "Why pandas?" }).click();
  const words = page.getByRole("list", { name: "Words that speak for it" });
  await expect(words.getByRole("listitem").first()).toContainText(/^pandas \d+ points/);
  await page.goto(`${web}/about`);
  await expect(page.getByText("A fine-tuned transformer together with")).toBeVisible();
  await checkAccessibility();
  await page.close();
});
