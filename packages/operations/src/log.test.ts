import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished, vi } from "vitest";
import { logTo } from "./log.ts";

/** What a process prints whose log is ours, after it has run this. */
async function printedBy(code: string) {
  const log = JSON.stringify(fileURLToPath(new URL("./telemetry.ts", import.meta.url)));
  const program = `const { openTelemetry } = await import(${log});
    const { log, report, exit } = await openTelemetry({ logLevel: "info" });
    ${code}`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", program]);
  const [printed, complained, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit") as Promise<[number]>,
  ]);
  const lines = printed.trimEnd().split("\n");
  return { lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>), complained, status };
}

it("a crash is a line of JSON like all others, and ends the process with 1", async () => {
  const printed = await printedBy('log.info("starting"); setTimeout(() => { throw new TypeError("broken"); });');
  expect(printed.lines).toMatchObject([
    { level: "info", message: "starting" },
    { level: "fatal", message: "crashed", err: { type: "TypeError", message: "broken" } },
  ]);
  expect(printed).toMatchObject({ status: 1, complained: "" });
});

it("so is what nobody awaited", async () => {
  const printed = await printedBy('void Promise.reject(new Error("forgotten")); setInterval(() => {}, 1_000);');
  expect(printed.lines).toMatchObject([{ level: "fatal", err: { message: "forgotten" } }]);
  expect(printed.status).toBe(1);
});

it("so is a warning of Node's, after which the process goes on", async () => {
  const printed = await printedBy('process.emitWarning("too many listeners"); setTimeout(() => exit(0), 10);');
  expect(printed.lines).toMatchObject([{ level: "warn", message: "warning", err: { message: "too many listeners" } }]);
  expect(printed).toMatchObject({ status: 0, complained: "" });
});

it("an error is told without what hangs on it: that may be what somebody sent", () => {
  const lines: string[] = [];
  const log = logTo({ write: (line) => lines.push(line) }, "info");
  const error = Object.assign(new Error("not an address", { cause: new Error("for this reason") }), {
    code: "ERR_INVALID_URL",
    input: "my secret",
  });
  log.error({ err: error }, "failed");
  expect(JSON.parse(lines.join(""))).toMatchObject({
    level: "error",
    message: "failed",
    err: { type: "Error", code: "ERR_INVALID_URL", message: "not an address: for this reason" },
  });
  expect(lines.join("")).not.toContain("secret");
});

it("each line has its own time", () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  onTestFinished(() => void vi.useRealTimers());
  const lines: string[] = [];
  const log = logTo({ write: (line) => lines.push(line) }, "info");
  const times = ["2026-01-02T03:04:05.678Z", "2026-01-02T03:04:05.679Z"];
  for (const time of times) {
    vi.setSystemTime(time);
    log.info("request");
  }
  expect(lines.map((line) => (JSON.parse(line) as { time: string }).time)).toEqual(times);
});

it("a value that holds line ends or a terminal's commands stays within its line", () => {
  const lines: string[] = [];
  const log = logTo({ write: (line) => lines.push(line) }, "info");
  const value = '"}\n{"level":"fatal"}\r\u2028\u001b[31m';
  log.info({ value }, "request");
  expect(lines).toHaveLength(1);
  // eslint-disable-next-line no-control-regex -- they are what must not be there
  expect(lines[0]?.slice(0, -1)).not.toMatch(/[\u0000-\u001f]/);
  expect(JSON.parse(lines.join(""))).toMatchObject({ level: "info", value });
});
