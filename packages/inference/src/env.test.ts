import { describe, expect, it } from "vitest";
import { readConfig } from "./env.ts";

describe("the environment", () => {
  it("needs the bucket's name only", () => {
    expect(readConfig({ MODEL_BUCKET: "models" })).toMatchObject({
      host: "0.0.0.0",
      port: 8080,
      store: { bucket: "models" },
      telemetry: { logLevel: "info", stage: undefined, tracing: undefined },
    });
  });

  it("takes an empty variable for an unset one", () => {
    expect(readConfig({ MODEL_BUCKET: "models", PORT: "", AWS_ENDPOINT_URL: "" })).toMatchObject({ port: 8080 });
  });

  it("names every bad variable at once", () => {
    const variables = { PORT: "70000", LOG_LEVEL: "loud", AWS_ENDPOINT_URL: "localhost:9000", DRAIN_MS: "-1" };
    const names = /^PORT: .*\nMODEL_BUCKET: .*\nAWS_ENDPOINT_URL: .*\nLOG_LEVEL: .*\nDRAIN_MS: .*$/;
    expect(() => readConfig(variables)).toThrow(names);
  });
});
