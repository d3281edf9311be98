import { tmpdir } from "node:os";
import { expect, it } from "vitest";
import { readConfig } from "./env.ts";

it("nothing needs to be set", () => {
  expect(readConfig({})).toEqual({
    host: "0.0.0.0",
    port: 3000,
    inferenceUrl: "http://127.0.0.1:8080",
    apiUrl: "",
    uploadFolder: tmpdir(),
    feedbackStore: undefined,
    trustedProxies: 0,
  });
});

it("an address may end in a slash", () => {
  expect(readConfig({ INFERENCE_URL: "http://inference:8080/" }).inferenceUrl).toBe("http://inference:8080");
});

it("feedback goes to the bucket that is named, on the server that AWS's variables name", () => {
  const variables = { FEEDBACK_BUCKET: "mine", AWS_ENDPOINT_URL: "http://127.0.0.1:9000" };
  expect(readConfig(variables).feedbackStore).toMatchObject({ bucket: "mine", endpoint: "http://127.0.0.1:9000" });
});

it("every bad variable is named at once", () => {
  expect(() => readConfig({ PORT: "70000", INFERENCE_URL: "inference", PUBLIC_API_URL: "ftp://files" })).toThrow(
    /PORT: .*\nINFERENCE_URL: .*\nPUBLIC_API_URL: /,
  );
});
