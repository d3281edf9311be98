import { once } from "node:events";
import { mkdtemp, readdir, readlink, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import express from "express";
import { expect, it } from "vitest";
import type { Refusal, SliceResult } from "../app/bulk.ts";
import { bulkRefusal, bulkRoutes } from "../server/bulk/routes.ts";
import { createServer, listen } from "../server/lifecycle.ts";
import { FakeInference } from "./fake-inference.ts";

interface PostOptions {
  readonly name?: string;
  readonly accept?: string;
  readonly signal?: AbortSignal;
}

export interface Bulk {
  readonly url: string;
  readonly inference: FakeInference;
  /** Sends a whole file, as a form does. */
  readonly post: (file: string | Uint8Array, options?: PostOptions) => Promise<Response>;
  /** Sends a part of a file, as the page's script does. */
  readonly postSlice: (part: Uint8Array, fields: Readonly<Record<string, string>>) => Promise<SliceResult & Refusal>;
  /** The files that lie on the disk. */
  readonly left: () => Promise<string[]>;
}

/** A test with the bulk routes in a server of its own, before a service that answers as the test says. In the end no upload may be held open. */
export function itWithBulk(name: string, test: (bulk: Bulk) => Promise<void>): void {
  it(name, async () => {
    const inference = new FakeInference();
    const uploadFolder = await mkdtemp(join(tmpdir(), "bulk-"));
    const app = express().use(bulkRoutes({ inference, uploadFolder, patienceMs: 1_000 }));
    app.use((_request, response) => response.send(`page: ${bulkRefusal(response) ?? "none"}`));
    const server = createServer(app);
    const url = await listen(server, { port: 0, host: "127.0.0.1" });
    const send = (path: string, form: FormData, { accept = "*/*", signal }: Omit<PostOptions, "name"> = {}) =>
      fetch(`${url}${path}`, { method: "POST", body: form, headers: { accept }, ...(signal && { signal }) });
    try {
      await test({
        url,
        inference,
        post: (file, { name: fileName = "questions.csv", ...options } = {}) =>
          send("/bulk", formOf(file, fileName), options),
        postSlice: async (part, fields) => {
          const form = formOf(part, "part");
          for (const [field, value] of Object.entries(fields)) form.append(field, value);
          return (await (await send("/bulk/slice", form)).json()) as SliceResult & Refusal;
        },
        left: () => readdir(uploadFolder),
      });
      await expect.poll(() => heldOpen(uploadFolder), { timeout: 20_000 }).toEqual([]);
    } finally {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
      await rm(uploadFolder, { recursive: true });
    }
  });
}

/** Files without a name any more, where the system tells. */
async function heldOpen(folder: string): Promise<string[]> {
  const handles = await readdir("/proc/self/fd").catch(() => []);
  const files = await Promise.all(handles.map((handle) => readlink(`/proc/self/fd/${handle}`).catch(() => "")));
  return files.filter((file) => file.startsWith(folder) && file.endsWith(" (deleted)"));
}

function formOf(file: string | Uint8Array, name: string): FormData {
  const form = new FormData();
  form.append("file", new Blob([file as BlobPart]), name);
  return form;
}

/** The tags of each row of a result whose first column is the title. */
export const tagsIn = (text: string) =>
  text
    .split("\r\n")
    .slice(1, -1)
    .map((line) => line.split(",")[1]);
