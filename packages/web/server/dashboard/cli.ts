import { passwordCommand } from "./password-command.ts";

const { stdin, stdout, stderr } = process;

/** `npm run password`: the hash alone goes to stdout. */
try {
  stdout.write(`${await passwordCommand({ input: stdin, prompt: stdin.isTTY ? stderr : undefined })}\n`);
} catch (error) {
  stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
