import { expect, it } from "vitest";
import { readEnv } from "./env.ts";

it("what is set to nothing is not set", () => {
  const empty = { PORT: "", INFERENCE_PORT: "", S3_PORT: "", DATA_DIR: "", MODEL_BUCKET: "", AWS_ENDPOINT_URL: "" };
  expect(readEnv({ ...empty, LOG_LEVEL: "" })).toEqual(readEnv({}));
  expect(readEnv(empty).PORT).toBe(3000);
});

it("a bucket's address is not its name, which an access point's ARN may stand for", () => {
  expect(() => readEnv({ MODEL_BUCKET: "s3://models" })).toThrow(/^MODEL_BUCKET: is not a bucket's name/);
  const MODEL_BUCKET = "arn:aws:s3:eu-west-1:123456789012:accesspoint/models";
  expect(readEnv({ MODEL_BUCKET })).toMatchObject({ MODEL_BUCKET });
});
