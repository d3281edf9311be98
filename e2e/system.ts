import { test as base, expect } from "@playwright/test";
import AxeBuilder from "@axe-core/playwright";

/** Addresses of the running system, as `npm start` printed them. */
export const addresses = {
  get web(): string {
    return required("TAGSMITH_WEB");
  },
  get api(): string {
    return required("TAGSMITH_API");
  },
  get s3(): string {
    return required("TAGSMITH_S3");
  },
};

interface Fixtures {
  /** Fails the test on any accessibility fault of the page as it stands. */
  checkAccessibility: () => Promise<void>;
  /** An empty folder of the test's own. */
  dataDir: string;
}

/** A test that fails on a console error, an exception or a failed request of its page. */
export const test = base.extend<Fixtures>({
  page: async ({ page }, use) => {
    const complaints: string[] = [];
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("requestfailed", (request) => complaints.push(`${request.url()}: ${request.failure()?.errorText ?? ""}`));
    await use(page);
    expect(complaints).toEqual([]);
  },
  checkAccessibility: async ({ page }, use) => {
    await use(async () => expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]));
  },
  // eslint-disable-next-line no-empty-pattern -- Playwright reads the names of the fixtures out of this pattern
  dataDir: async ({}, use, info) => use(info.outputPath("data")),
});

export { expect };

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: the system did not start`);
  return value;
}
