import { readFileSync } from "node:fs";

/** Keeps `npm start` from a Node that is too old, in words that it understands: our programs would end with a syntax error. */
const { engines } = JSON.parse(readFileSync("package.json", "utf8"));
const least = engines.node.replace(">=", "");
if (process.versions.node.localeCompare(least, "en", { numeric: true }) < 0) {
  process.stderr.write(`This is Node ${process.versions.node}; ${least} or newer is needed.\n`);
  process.exitCode = 1;
}
