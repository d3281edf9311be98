import { describe, it } from "vitest";
import { tinyBundle } from "../test/tiny-bundle.ts";
import { verifyFiles } from "./bundle.ts";
import { createPredictor } from "./predictor.ts";

describe("a predictor of a features model", () => {
  it("answers the golden examples", async () => {
    const bundle = await tinyBundle();
    await verifyFiles(bundle);
    const predictor = await createPredictor(bundle);
    await predictor.checkGolden();
    await predictor.close();
  });
});
