import { fileURLToPath } from "node:url";
import { readBundle } from "./bundle.ts";
import { seed } from "./release.ts";
import { ModelStore } from "./store.ts";

/** What the deployment passes (stacks/storage.ts). */
interface SeedEvent {
  readonly params: { readonly bucket: string };
}

/** The deployed function keeps the repository's layout: the shipped bundle is where it is here. */
const shippedBundle = fileURLToPath(new URL("../../training/bundle", import.meta.url));

/** Publishes the shipped bundle while a stage is deployed, and promotes it unless an operator has promoted another. */
export async function handler({ params }: SeedEvent): Promise<void> {
  const bundle = await readBundle(shippedBundle);
  const store = new ModelStore({ bucket: params.bucket });
  try {
    await seed(store, bundle);
  } finally {
    store.close();
  }
}
