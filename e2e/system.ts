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
  /** Console errors, exceptions and failed requests of the page: each fails the test unless it is expected. */
  complaints: { readonly expected: RegExp[] };
  /** Fails the test on any accessibility fault of the page as it stands. */
  checkAccessibility: () => Promise<void>;
  /** An empty folder of the test's own. */
  dataDir: string;
}

export const test = base.extend<Fixtures>({
  complaints: [
    async ({ page, javaScriptEnabled }, use) => {
      const found: string[] = [];
      const expected = javaScriptEnabled ? [] : [/: csp$/]; // how Chromium reports scripts that it was told not to run
      page.on("console", (message) => message.type() === "error" && found.push(message.text()));
      page.on("pageerror", (error) => found.push(error.message));
      page.on("requestfailed", (request) => found.push(`${request.url()}: ${request.failure()?.errorText ?? ""}`));
      await use({ expected });
      expect(found.filter((text) => !expected.some((pattern) => pattern.test(text)))).toEqual([]);
    },
    { auto: true },
  ],
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
