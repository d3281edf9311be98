import { join } from "node:path";
import { readBundle } from "@tagsmith/model-bundle/bundle";
import { publish } from "@tagsmith/model-bundle/publish";
import { storeOptions } from "@tagsmith/model-bundle/store-options";
import { ModelStore } from "@tagsmith/model-bundle/store";
import { adminVariables } from "./admin.ts";
import { root, startSystem } from "./process.ts";

/** A system whose bucket has a second model, the shipped one under another name, which nobody has promoted. */
export async function systemWithTwoModels(dataDir: string) {
  const system = startSystem(dataDir, { ...adminVariables(), WATCH_MS: "200" });
  const [web = "", api = "", s3 = ""] = await Promise.all(
    ["web", "inference", "store"].map((part) => system.prints(new RegExp(`${part} +(http:\\S+)`))),
  );
  const { folder, manifest } = await readBundle(join(root, "packages/training/bundle"));
  const store = new ModelStore(storeOptions("tagsmith-models", { AWS_ENDPOINT_URL: s3 }));
  await publish(store, { folder, manifest: { ...manifest, name: "my-tags", version: "1.0.0" } });
  store.close();
  return { web, api, s3, [Symbol.asyncDispose]: () => system[Symbol.asyncDispose]() };
}
