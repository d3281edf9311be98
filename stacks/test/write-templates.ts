import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { synthesise } from "./synth.ts";

// Writes <folder>/<stage>/<stack>.json for prod and for any other stage.
const [folder] = process.argv.slice(2);
if (!folder) throw new Error("Name a folder.");
process.env.NODE_ENV = "test"; // SST builds no images then
for (const stage of ["prod", "other"]) {
  const { stacks } = await synthesise(stage);
  mkdirSync(join(folder, stage), { recursive: true });
  for (const { name, template } of stacks) {
    writeFileSync(join(folder, stage, `${name}.json`), JSON.stringify(template, null, 1));
  }
}
