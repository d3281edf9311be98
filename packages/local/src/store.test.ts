import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readEnv } from "./env.ts";
import { embeddedStore } from "./store.ts";
import { packages } from "./system.ts";

it("is there for whoever has to mend what says which model is in use", async () => {
  const folder = await mkdtemp(join(tmpdir(), "local-store-"));
  const open = () =>
    embeddedStore(readEnv({ DATA_DIR: folder }), { port: 0, bundle: join(packages, "training/bundle") });
  const pointerUrl = ({ variables }: Awaited<ReturnType<typeof open>>) =>
    `${variables["AWS_ENDPOINT_URL"] ?? ""}/tagsmith-models/models/current.json`;
  try {
    const seeded = await open();
    expect(await (await fetch(pointerUrl(seeded))).json()).toMatchObject({ promoted_by: "seed" });
    await fetch(pointerUrl(seeded), { method: "PUT", body: "no JSON" });
    await seeded.close();
    const again = await open();
    expect(await (await fetch(pointerUrl(again))).text()).toBe("no JSON");
    await again.close();
  } finally {
    await rm(folder, { recursive: true });
  }
});
