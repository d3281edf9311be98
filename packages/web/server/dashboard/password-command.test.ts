import { PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { expect, it } from "vitest";
import { isPassword } from "./password.ts";
import { passwordCommand } from "./password-command.ts";

const password = "correct horse battery staple";

it.each([password, "x".repeat(12)])("the password %s from a pipe becomes its hash", async (given) => {
  const hash = await passwordCommand({ input: Readable.from([`${given}\n`]) });
  expect(await isPassword(given, hash)).toBe(true);
});

it("a typed password is asked for, and not shown", async () => {
  const prompt = new PassThrough();
  const hash = await passwordCommand({ input: Readable.from([`${password}\n`]), prompt });
  prompt.end();
  expect(await isPassword(password, hash)).toBe(true);
  expect(await text(prompt)).toBe("Password of the dashboard: \n");
});

it("Ctrl-C at the question is no password", async () => {
  const input = new PassThrough();
  input.write("correct\u0003");
  await expect(passwordCommand({ input, prompt: new PassThrough() })).rejects.toThrow("No password was given.");
});

it.each([
  ["", "No password was given."],
  ["short\n", "A password has at least 12 characters; this one has 5."],
  [`${"x".repeat(1_001)}\n`, "A password has at most 1000 characters; this one has 1001."],
])("%j is refused in plain words", async (typed, words) => {
  await expect(passwordCommand({ input: Readable.from([typed]) })).rejects.toThrow(words);
});
