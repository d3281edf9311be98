import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { tinyBundle } from "../test/tiny-bundle.ts";
import { Session } from "./session.ts";

it.runIf(process.platform === "linux")("starts no threads of its own, however many cores the host has", async () => {
  const { folder, manifest } = await tinyBundle();
  const path = join(folder, manifest.model);
  const first = await Session.open(path); // with what onnxruntime and Node start once
  const before = threads();
  const second = await Session.open(path);
  expect(threads()).toBe(before);
  await Promise.all([first.close(), second.close()]);
});

const threads = () => readdirSync("/proc/self/task").length;
