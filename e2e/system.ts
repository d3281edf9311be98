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

/** A test whose page starts at the UI, and which fails on a console error, a failed request or an accessibility fault. */
export const test = base.extend<{ baseURL: string; complaints: string[]; checkAccessibility: () => Promise<void> }>({
  baseURL: async ({}, use) => use(addresses.web),
  complaints: [[], { option: true }],
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
});

export { expect };

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: the system did not start`);
  return value;
}
