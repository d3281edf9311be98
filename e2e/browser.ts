import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "@playwright/test";

const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
const macApps = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/**
 * The browser that the journeys run in: an installed Chromium or Chrome, else Playwright's own download, else (root on
 * Debian) the distribution's package. Says which, once: the workers inherit the answer through the environment.
 * @returns path of the executable.
 * @throws {Error} saying what was tried.
 */
export function findBrowser(): string {
  const known = process.env.TAGSMITH_BROWSER;
  if (known) return known;
  const [how, path] = installed() ?? downloaded() ?? fromDebian() ?? [];
  if (!how || !path)
    throw new Error("No browser: install Chromium or Chrome, or run `npx playwright install chromium`.");
  process.stdout.write(`browser: ${path} (${how})\n`);
  process.env.TAGSMITH_BROWSER = path;
  return path;
}

type Found = readonly [how: string, path: string] | undefined;

function installed(): Found {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const candidates = [...names.flatMap((name) => folders.map((folder) => join(folder, name))), ...macApps];
  const path = candidates.find((candidate) => existsSync(candidate));
  return path === undefined ? undefined : ["already installed", path];
}

function downloaded(): Found {
  const path = chromium.executablePath();
  if (!existsSync(path) && !succeeds("npx", "playwright", "install", "chromium")) return undefined;
  return existsSync(path) ? ["Playwright's download", path] : undefined;
}

function fromDebian(): Found {
  if (process.getuid?.() !== 0 || !existsSync("/etc/debian_version")) return undefined;
  if (!succeeds("apt-get", "update") || !succeeds("apt-get", "install", "-y", "chromium")) return undefined;
  const found = installed();
  return found && ["the distribution's package", found[1]];
}

function succeeds(command: string, ...parameters: string[]): boolean {
  process.stdout.write(`browser: none yet, trying ${command} ${parameters.join(" ")}\n`);
  try {
    execFileSync(command, parameters, { stdio: ["ignore", "ignore", "pipe"], timeout: 600_000 });
    return true;
  } catch {
    return false;
  }
}
