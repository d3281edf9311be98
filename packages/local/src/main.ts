import { join } from "node:path";
import { exitWith, packages, runSystem } from "./system.ts";

/** `npm start`: the built programs. */
await runSystem({
  inference: {
    command: [process.execPath, ...process.execArgv, join(packages, "inference/dist/main.js")],
    output: "inherit",
  },
  web: { command: [process.execPath, ...process.execArgv, join(packages, "web/build/main.js")], output: "inherit" },
}).catch(exitWith);
