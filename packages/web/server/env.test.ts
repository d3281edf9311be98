import { tmpdir } from "node:os";
import { expect, it } from "vitest";
import { readConfig } from "./env.ts";

const bound = {
  SST_APP: "tagsmith",
  SST_STAGE: "prod",
  SST_SSM_PREFIX: "/sst/tagsmith/prod/",
  SST_Secret_value_ADMIN_PASSWORD_HASH: "__FETCH_FROM_SSM__",
};

it("nothing needs to be set", () => {
  expect(readConfig({})).toEqual({
    host: "0.0.0.0",
    port: 3000,
    telemetry: { logLevel: "info", stage: undefined, tracing: undefined },
    inferenceUrl: "http://127.0.0.1:8080",
    apiUrl: "",
    uploadFolder: tmpdir(),
    trustedProxies: 0,
    password: undefined,
    store: undefined,
    metrics: undefined,
  });
});

it("each setting is what its variable says", () => {
  const variables = {
    HOST: "127.0.0.1",
    PORT: "0",
    STAGE: "prod",
    OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4318",
    PUBLIC_API_URL: "https://api.example/",
    UPLOAD_FOLDER: "/uploads",
    TRUSTED_PROXIES: "2",
    ADMIN_PASSWORD_HASH: `scrypt.15.8.3.${"s".repeat(22)}.${"k".repeat(43)}`,
  };
  expect(readConfig({ ...bound, ...variables })).toMatchObject({
    host: "127.0.0.1",
    port: 0,
    telemetry: { stage: "prod", tracing: { serviceName: "tagsmith-web" } },
    apiUrl: "https://api.example",
    uploadFolder: "/uploads",
    trustedProxies: 2,
    password: { hash: variables.ADMIN_PASSWORD_HASH },
  });
});

it("an address may end in a slash", () => {
  expect(readConfig({ INFERENCE_URL: "http://inference:8080/" }).inferenceUrl).toBe("http://inference:8080");
  const { telemetry } = readConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4318/" });
  expect(telemetry.tracing?.endpoint).toBe("http://127.0.0.1:4318");
});

it("models and feedback are in the bucket that is named, on the server that AWS's variables name", () => {
  const variables = { MODEL_BUCKET: "mine", AWS_ENDPOINT_URL: "http://127.0.0.1:9000" };
  expect(readConfig(variables).store).toMatchObject({ bucket: "mine", endpoint: "http://127.0.0.1:9000" });
});

it("every bad variable is named at once", () => {
  expect(() => readConfig({ PORT: "70000", INFERENCE_URL: "inference", PUBLIC_API_URL: "ftp://files" })).toThrow(
    /PORT: .*\nINFERENCE_URL: .*\nPUBLIC_API_URL: /,
  );
});

it("a password in the place of its hash stops the start, and isn't shown", () => {
  const start = () => readConfig({ ADMIN_PASSWORD_HASH: "hunter2hunter2" });
  expect(start).toThrow("ADMIN_PASSWORD_HASH: is not what `npm run password` prints");
  expect(start).not.toThrow("hunter2");
});

it("a bound secret is looked up where SST keeps it", () => {
  expect(readConfig(bound).password).toEqual({
    secret: {
      own: "/sst/tagsmith/prod/Secret/ADMIN_PASSWORD_HASH/value",
      fallback: "/sst/tagsmith/.fallback/Secret/ADMIN_PASSWORD_HASH/value",
    },
  });
  expect(readConfig({ ...bound, SST_APP: "" }).password).toBeUndefined();
});

it("figures come from CloudWatch where it is said how the parts are named there", () => {
  const parts = {
    CLOUDWATCH_LOAD_BALANCER: "app/a/1",
    CLOUDWATCH_TARGET_GROUP: "targetgroup/b/2",
    CLOUDWATCH_CLUSTER: "c",
    CLOUDWATCH_SERVICE: "d",
  };
  expect(readConfig({ ...bound, ...parts }).metrics).toMatchObject({ cluster: "c", stage: "prod" });
  for (const name of [...Object.keys(parts), "SST_STAGE"]) {
    expect(readConfig({ ...bound, ...parts, [name]: "" }).metrics, name).toBeUndefined();
  }
});
