import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ModelStore } from "@tagsmith/model-bundle/store";
import { storeOptions } from "@tagsmith/model-bundle/store-options";
import { afterEach, expect, it, vi } from "vitest";
import { childEnv, readEnv } from "./env.ts";
import { embeddedStore } from "./store.ts";
import { packages } from "./system.ts";

afterEach(() => vi.unstubAllEnvs());

it("is reached by the programs whatever the user is on AWS", async () => {
  const folder = await mkdtemp(join(tmpdir(), "local-store-"));
  const bundle = join(packages, "training/bundle");
  const embedded = await embeddedStore(readEnv({ DATA_DIR: folder }), { port: 0, bundle });
  vi.stubEnv("AWS_PROFILE", "somebody");
  vi.stubEnv("AWS_CONFIG_FILE", join(folder, "none"));
  const env = childEnv(embedded.variables);
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const models = new ModelStore(storeOptions("tagsmith-models", env));
  try {
    expect((await models.readText("models/current.json")).text).toContain("seed");
  } finally {
    models.close();
    await embedded.close();
    await rm(folder, { recursive: true });
  }
});

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
