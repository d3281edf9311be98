import { readFileSync } from "node:fs";

/**
 * Judges what `npm audit --json` found. Fails on each advisory of high or critical severity that audit-allow.json doesn't
 * accept with a reason and a day of review, and on each entry there that is overdue or no longer needed.
 * Usage: audit.mjs REPORT [ALLOW_LIST] [TODAY]
 */
const [
  report,
  allowList = new URL("audit-allow.json", import.meta.url),
  today = new Date().toISOString().slice(0, 10),
] = process.argv.slice(2);
const { vulnerabilities, message, error } = JSON.parse(readFileSync(report, "utf8"));
if (!vulnerabilities) {
  console.error(`npm audit gave no answer: ${error?.summary || message || "unknown"}`);
  process.exit(2);
}
const accepted = JSON.parse(readFileSync(allowList, "utf8"));

const advisories = new Map();
for (const { via } of Object.values(vulnerabilities)) {
  for (const cause of via) {
    if (typeof cause === "object" && ["high", "critical"].includes(cause.severity)) {
      advisories.set(cause.url.split("/").at(-1), `${cause.name}: ${cause.title} (${cause.severity}, ${cause.url})`);
    }
  }
}

const faults = [
  ...[...advisories].filter(([id]) => !accepted.some(({ advisory }) => advisory === id)).map(([, text]) => text),
  ...accepted
    .filter(({ advisory }) => !advisories.has(advisory))
    .map(({ advisory }) => `${advisory}: accepted, but not found any more`),
  ...accepted.filter(({ reviewBy }) => !(reviewBy >= today)).map(({ advisory }) => `${advisory}: its review is due`),
  ...accepted.filter(({ reason }) => !reason).map(({ advisory }) => `${advisory}: accepted without a reason`),
];
for (const fault of faults) console.error(fault);
console.log(
  `${advisories.size} advisories of high or critical severity, ${accepted.length} accepted, ${faults.length} faults`,
);
process.exit(faults.length > 0 ? 1 : 0);
