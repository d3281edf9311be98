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
  /**
   * Console errors, exceptions, failed requests and breaches of the content security policy, in any page of the test: each
   * fails it unless it is expected.
   */
  complaints: { readonly expected: RegExp[] };
  /** Fails the test on any accessibility fault of the page as it stands, in the light and the dark theme. */
  checkAccessibility: () => Promise<void>;
  /** An empty folder of the test's own. */
  dataDir: string;
}

export const test = base.extend<Fixtures>({
  complaints: [
    async ({ context, javaScriptEnabled }, use) => {
      const found: string[] = [];
      const expected = javaScriptEnabled ? [] : [/: csp$/]; // how Chromium reports scripts that it was told not to run
      context.on("console", (message) => message.type() === "error" && found.push(message.text()));
      context.on("weberror", (thrown) => found.push(thrown.error().message));
      context.on("requestfailed", (request) => {
        const reason = request.failure()?.errorText ?? "";
        // A page that gives up a request of its own, for an answer that nobody waits for any more, has not failed.
        if (reason !== "net::ERR_ABORTED") found.push(`${request.url()}: ${reason}`);
      });
      await context.addInitScript(() => {
        document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
          console.error(`content security policy: ${violatedDirective} forbids ${blockedURI}`),
        );
      });
      await use({ expected });
      expect(found.filter((text) => !expected.some((pattern) => pattern.test(text)))).toEqual([]);
    },
    { auto: true },
  ],
  checkAccessibility: async ({ page }, use) => {
    await use(async () => {
      for (const colorScheme of ["dark", "light"] as const) {
        await page.emulateMedia({ colorScheme });
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations, `in the ${colorScheme} theme`).toEqual([]);
      }
    });
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
