import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { bundle } from "../inference/bundle.mjs";

const folder = import.meta.dirname;
const dist = join(folder, "dist");
const servers = (await readdir(join(folder, "src/servers"))).map((name) => join("src/servers", name));

await rm(dist, { recursive: true, force: true });
// As the service is built, so that none of those that are compared has an advantage by it.
await bundle({ absWorkingDir: folder, entryPoints: servers, outdir: dist, external: ["onnxruntime-node"] });
