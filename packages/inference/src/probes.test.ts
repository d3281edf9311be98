import { expect, it } from "vitest";
import { fakeModel } from "../test/fake-model.ts";
import { engine, withServer } from "../test/with-server.ts";
import type { Update } from "./served-model.ts";

it("readiness says of a model that is tried again why the try before failed", () => {
  const failure = { code: "store_unreachable", reason: "s3://models: the store can't be reached" } as const;
  const update: Update = { status: "loading", version: { name: "tiny", version: "2" }, failure };
  const model = { ...fakeModel(engine), update };
  return withServer(
    async ({ url }) => {
      const answer = await fetch(`${url}/readyz`);
      expect(answer.status).toBe(503);
      expect(await answer.json()).toMatchObject({ status: "loading", version: "2", last_failure: failure });
    },
    { model },
  );
});
