import { validate } from "@readme/openapi-parser";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { withService } from "../test/with-service.ts";
import { openApiDocument } from "./openapi.ts";

type Document = Parameters<typeof validate>[0] & object;

describe("the OpenAPI document", () => {
  it("is valid OpenAPI 3.1", async () => {
    const result = await validate(plain(openApiDocument()) as Document);
    expect(result).toMatchObject({ valid: true, warnings: [] });
  });

  it("says that no key is needed, and names its licence as machines know it", () => {
    expect(openApiDocument()).toMatchObject({ security: [], info: { license: { identifier: "MIT" } } });
  });

  withService("describes every answer that the service gives", {}, async ({ ready, get, post }) => {
    const document = (await (await get("/api/v1/openapi.json")).json()) as OpenApi;
    const conforms = answerChecker(document);
    await conforms("get", "/api/v1/models", await get("/api/v1/models")); // 503, mostly
    await ready();
    const question = { title: "sort in python", body: "" };
    const answers: [method: string, path: string, answer: Promise<Response>, status: number][] = [
      ["get", "/api/v1/health", get("/api/v1/health"), 200],
      ["get", "/api/v1/models", get("/api/v1/models"), 200],
      ["post", "/api/v1/predict", post("/api/v1/predict", question), 200],
      ["post", "/api/v1/predict", post("/api/v1/predict", {}), 422],
      ["post", "/api/v1/predict", post("/api/v1/predict", "no json"), 400],
      ["post", "/api/v1/predict", post("/api/v1/predict", " ".repeat(2 ** 20 + 1)), 413],
      ["post", "/api/v1/predict/batch", post("/api/v1/predict/batch", { questions: [question] }), 200],
      ["post", "/api/v1/predict/batch", post("/api/v1/predict/batch", { questions: [] }), 422],
      ["post", "/api/v1/predict/floats", post("/api/v1/predict/floats", { inputs: [[1]] }), 409],
      ["post", "/api/v1/explain", post("/api/v1/explain", question), 200],
      ["post", "/api/v1/explain", post("/api/v1/explain", { ...question, tags: ["unknown"] }), 422],
    ];
    for (const [method, path, request, status] of answers) {
      const answer = await request;
      expect(answer.status).toBe(status);
      await conforms(method, path, answer);
    }
    expect(Object.keys(document.paths).sort()).toEqual([...new Set(answers.map(([, path]) => path))].sort());
  });
});

describe("the documentation page", () => {
  withService("runs no script but the service's own files", {}, async ({ get }) => {
    const page = await get("/api/v1/docs");
    const html = await page.text();
    expect(page.headers.get("content-security-policy")).toMatch(/default-src 'none'; script-src 'self';/);
    const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file = ""]) => file);
    expect(files).toHaveLength(4);
    const types = { js: "text/javascript", css: "text/css", png: "image/png" };
    for (const file of files) {
      const { status, headers } = await get(file);
      const type = Object.entries(types).find(([end]) => file.endsWith(`.${end}`))?.[1];
      expect([file, status, headers.get("content-type")?.split(";")[0]]).toEqual([file, 200, type]);
    }
    expect(html).not.toMatch(/<script(?![^>]*src=)/);
  });
});

interface OpenApi {
  readonly paths: Record<
    string,
    Record<string, { responses: Record<string, { content: Record<string, { schema: object }> }> }>
  >;
  readonly components: object;
}

/** Fails unless the document has the answer's status and type and its body fits the schema. */
function answerChecker({ paths, components }: OpenApi) {
  const ajv = new Ajv2020({ strict: false });
  return async (method: string, path: string, answer: Response): Promise<void> => {
    const content = paths[path]?.[method]?.responses[answer.status]?.content;
    const schema = content?.[answer.headers.get("content-type") ?? ""]?.schema;
    if (!schema) throw new Error(`${method} ${path}: ${answer.status} is not in the document.`);
    const check = ajv.compile({ ...schema, components });
    expect([check(await answer.json()), check.errors]).toEqual([true, null]);
  };
}

const plain = (value: object) => JSON.parse(JSON.stringify(value)) as object;
