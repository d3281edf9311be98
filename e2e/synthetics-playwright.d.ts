/** What the canary uses of the library that is there only in Synthetics' runtime. */
declare module "@aws/synthetics-playwright" {
  import type { Browser, BrowserContext, Page } from "playwright";

  export const synthetics: {
    launch(): Promise<Browser>;
    newPage(context: BrowserContext): Promise<Page>;
    executeStep<T>(name: string, step: () => Promise<T>): Promise<T>;
    close(): Promise<void>;
  };
}
