import type { Engine, ModelAccess } from "@tagsmith/inference/model-access";
import { router } from "@tagsmith/inference/router";
import { readBundle } from "@tagsmith/model-bundle/bundle";
import { createPredictor } from "@tagsmith/model-bundle/predictor";
import { createHTTPServer } from "@trpc/server/adapters/standalone";

/** The service's router behind tRPC's own standalone adapter, without anything else: `adapter.js PORT BUNDLE`. */
const [, , port, folder = ""] = process.argv;
const bundle = await readBundle(folder);
const predictor = await createPredictor(bundle);
const engine: Engine = {
  manifest: bundle.manifest,
  manifestSha256: "",
  concurrency: 1,
  runMs: 0.01,
  predict: (questions) => predictor.predict(questions),
  close: () => predictor.close(),
};
const model: ModelAccess = { current: () => engine, admit: () => Promise.resolve(), lease: (work) => work(engine) };

const server = createHTTPServer({
  router,
  basePath: "/api/trpc/",
  createContext: () => ({ model }),
  maxBodySize: 2 ** 24,
});
server.listen(Number(port), "127.0.0.1", () => process.stdout.write("listening\n"));
