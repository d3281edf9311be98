import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "tagsmith-audit-"));
afterAll(() => rmSync(folder, { recursive: true }));

const advisory = (id: string, severity: string) => ({
  name: "left-pad",
  title: "Pads on the right",
  severity,
  url: `https://github.com/advisories/${id}`,
});
const high = { vulnerabilities: { "left-pad": { via: [advisory("GHSA-high", "high")] }, user: { via: ["left-pad"] } } };
const accepted = { advisory: "GHSA-high", reason: "We pad nothing.", reviewBy: "2030-01-01" };

function audit(report: object, allowList: readonly object[]) {
  const [reportFile, allowFile] = [join(folder, "report.json"), join(folder, "allow.json")];
  writeFileSync(reportFile, JSON.stringify(report));
  writeFileSync(allowFile, JSON.stringify(allowList));
  const script = join(import.meta.dirname, "audit.mjs");
  const { status, stderr } = spawnSync(process.execPath, [script, reportFile, allowFile, "2029-12-31"], {
    encoding: "utf8",
  });
  return { status, stderr };
}

it("passes without a finding, and with one that is minor", () => {
  expect(audit({ vulnerabilities: {} }, [])).toEqual({ status: 0, stderr: "" });
  expect(audit({ vulnerabilities: { a: { via: [advisory("GHSA-low", "moderate")] } } }, []).status).toBe(0);
});

it("names a serious finding that nobody accepted", () => {
  expect(audit(high, [])).toEqual({
    status: 1,
    stderr: "left-pad: Pads on the right (high, https://github.com/advisories/GHSA-high)\n",
  });
});

it("passes one that is accepted with a reason and a day", () => {
  expect(audit(high, [accepted])).toEqual({ status: 0, stderr: "" });
});

it.each([
  { entry: { ...accepted, reviewBy: "2029-12-30" }, fault: "its review is due" },
  { entry: { ...accepted, reviewBy: undefined }, fault: "its review is due" },
  { entry: { ...accepted, reason: "" }, fault: "without a reason" },
  { entry: { ...accepted, advisory: "GHSA-gone" }, fault: "GHSA-gone: accepted, but not found any more" },
])("refuses an entry: $fault", ({ entry, fault }) => {
  const { status, stderr } = audit(high, [entry]);
  expect(status).toBe(1);
  expect(stderr).toContain(fault);
});

it("doesn't take a registry's refusal for a clean result", () => {
  expect(audit({ message: "405 Method Not Allowed", error: { summary: "" } }, [])).toEqual({
    status: 2,
    stderr: "npm audit gave no answer: 405 Method Not Allowed\n",
  });
});
