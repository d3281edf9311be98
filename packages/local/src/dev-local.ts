import { watched } from "./watched.ts";
import { exitWith, runSystem } from "./system.ts";

/** `npm run dev:local`: both programs from their sources, started again or reloaded when one changes. */
await runSystem({ inference: watched("inference"), web: watched("web") }).catch(exitWith);
