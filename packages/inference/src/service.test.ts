import { describe, expect } from "vitest";
import { withService } from "../test/with-service.ts";

describe("a service with a model", () => {
  withService("is ready and answers the predecessor's clients", {}, async ({ ready, get, post }) => {
    await ready();
    const health = await get("/api/v1/health");
    expect([health.status, await health.json()]).toEqual([200, "Service healthy!"]);
    const metadata = { name: "tiny", version: "1", description: expect.any(String) as string, training_data: "none" };
    expect(await (await get("/api/v1/models")).json()).toEqual(metadata);
    const answer = await post("/api/v1/predict", { title: "How to sort in python", body: "<p>?</p>" });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      ml_model_metadata: metadata,
      tags: ["python"],
      predictions: [{ tag: "python" }, {}, {}],
    });
  });
});
