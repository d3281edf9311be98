import { expect, it } from "vitest";
import { readEnv } from "./env.ts";

it("what is set to nothing is not set", () => {
  const empty = { PORT: "", INFERENCE_PORT: "", S3_PORT: "", DATA_DIR: "", MODEL_BUCKET: "", AWS_ENDPOINT_URL: "" };
  expect(readEnv({ ...empty, LOG_LEVEL: "" })).toEqual(readEnv({}));
  expect(readEnv(empty).PORT).toBe(3000);
});
