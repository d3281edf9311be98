import { expect, it } from "vitest";
import { parseStatus } from "./memory.ts";

it("reads memory as Linux tells it, in bytes", () => {
  const status = "Name:\tnode\nVmHWM:\t  2048 kB\nVmRSS:\t  1024 kB\nRssAnon:\t     512 kB\nRssFile:\t     512 kB\n";
  expect(parseStatus(status)).toEqual({ resident: 2 ** 20, peak: 2 ** 21, anonymous: 2 ** 19 });
});
