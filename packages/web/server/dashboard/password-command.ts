import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { hashPassword, maxPasswordLength, minPasswordLength } from "./password.ts";

interface Terminal {
  readonly input: NodeJS.ReadableStream;
  /** Asks there, and never shows what is typed; absent where nobody sits at it. */
  readonly prompt?: NodeJS.WritableStream | undefined;
}

/** Reads a password, from a pipe or typed unseen, and gives the hash of it. Throws an Error in plain words. */
export async function passwordCommand({ input, prompt }: Terminal): Promise<string> {
  const password = await readLine({ input, prompt });
  prompt?.write("\n");
  if (password.length < minPasswordLength) {
    throw new Error(`A password has at least ${minPasswordLength} characters; this one has ${password.length}.`);
  }
  if (password.length > maxPasswordLength) {
    throw new Error(`A password has at most ${maxPasswordLength} characters; this one has ${password.length}.`);
  }
  return hashPassword(password);
}

async function readLine({ input, prompt }: Terminal): Promise<string> {
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: unseen, terminal: prompt !== undefined });
  lines.once("SIGINT", () => lines.close());
  prompt?.write("Password of the dashboard: ");
  for await (const line of lines) {
    lines.close();
    return line;
  }
  throw new Error("No password was given.");
}
