import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Program, startWeb } from "./process.ts";
import { expect, test } from "./system.ts";

/** How a visitor would run each example, and what it has to print. */
const examples = [
  { language: "curl", file: "predict.sh", command: ["bash", "-e"], prints: /"tags":\["python"/ },
  { language: "TypeScript", file: "predict.ts", command: ["node", "--import", "tsx"], prints: /^python\b/m },
  { language: "Python", file: "predict.py", command: ["python3"], prints: /^\d+% python$/m },
] as const;

for (const { language, file, command, prints } of examples) {
  test(`the ${language} example runs as it is shown`, async ({ page, dataDir }) => {
    await page.goto("/");
    await page.getByRole("link", { name: "API" }).click();
    await page.getByRole("tab", { name: language }).click();
    const code = await page.getByRole("region", { name: `Example in ${language}` }).innerText();
    await mkdir(dataDir, { recursive: true });
    await writeFile(join(dataDir, file), code);
    await using program = new Program([...command, join(dataDir, file)]);
    expect(await program.exitCode(), program.output).toBe(0);
    expect(program.output).toMatch(prints);
  });
}

test("the pages agree on the address that they tell to programs, whatever a balancer is trusted to say", async ({
  request,
}) => {
  for (const [trusted, proto] of [
    ["0", "http"],
    ["1", "https"],
  ] as const) {
    await using web = startWeb("http://127.0.0.1:1", { TRUSTED_PROXIES: trusted });
    const url = await web.address();
    const told = `${proto}://${new URL(url).host}`;
    for (const [path, address] of [
      ["/bulk", `${told}/bulk`],
      ["/developers", `${told}/api/v1/predict`],
    ] as const) {
      const page = await request.get(url + path, { headers: { "x-forwarded-proto": "https" } });
      expect(await page.text()).toContain(address);
    }
  }
});

test("the reference and the OpenAPI document are a link away", async ({ page, request }) => {
  await page.goto("/developers");
  const link = page.getByRole("link", { name: "OpenAPI 3.1 document" });
  const document = await request.get((await link.getAttribute("href")) ?? "");
  expect(await document.json()).toMatchObject({ openapi: "3.1.0" });
  await expect(page.getByRole("link", { name: "Open the reference" })).toHaveAttribute("href", /\/api\/v1\/docs$/);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("all examples are on the page", async ({ page }) => {
    await page.goto("/developers");
    for (const { language } of examples) {
      await expect(page.getByRole("region", { name: `Example in ${language}` })).toBeVisible();
    }
  });
});
