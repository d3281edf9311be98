import { synthetics } from "@aws/synthetics-playwright";
import { askForTags } from "./ask.ts";

/** What CloudWatch Synthetics runs (stacks/observability/canary.ts): the run fails when this throws. */
export async function handler(): Promise<void> {
  const { SITE: baseURL } = process.env;
  if (!baseURL) throw new Error("SITE is not set");
  try {
    const browser = await synthetics.launch();
    const page = await synthetics.newPage(await browser.newContext({ baseURL }));
    page.setDefaultTimeout(10_000);
    await synthetics.executeStep("ask", () => askForTags(page));
  } finally {
    await synthetics.close();
  }
}
