import { addresses, expect, test } from "./system.ts";

/** What clients of the predecessor's FastAPI service send, and the answers that they rely on. */
const v1 = (path: string): string => `${addresses.api}/api/v1${path}`;
const question = { title: "Sort a list of dictionaries by a key in python", body: "<p>How?</p>" };

test("health answers as before", async ({ request }) => {
  const answer = await request.get(v1("/health"));
  expect(answer.status()).toBe(200);
  expect(await answer.json()).toBe("Service healthy!");
});

test("models names the model in the four known fields", async ({ request }) => {
  const answer = (await (await request.get(v1("/models"))).json()) as object;
  expect(Object.keys(answer).sort()).toEqual(["description", "name", "training_data", "version"]);
});

test("predict answers tags with the model's metadata", async ({ request }) => {
  const models: unknown = await (await request.get(v1("/models"))).json();
  const answer = await request.post(v1("/predict"), { data: question });
  expect(answer.status()).toBe(200);
  expect(await answer.json()).toMatchObject({
    ml_model_metadata: models,
    tags: expect.arrayContaining(["python"]),
  });
});

test("a missing title is refused in FastAPI's words", async ({ request }) => {
  const answer = await request.post(v1("/predict"), { data: {} });
  expect(answer.status()).toBe(422);
  expect(await answer.json()).toMatchObject({
    detail: [{ type: "missing", loc: ["body", "title"], msg: "Field required" }],
  });
});

test("a batch answers each question in its place", async ({ request }) => {
  const questions = [question, { title: "Center a div with css", body: "" }];
  const { results } = (await (await request.post(v1("/predict/batch"), { data: { questions } })).json()) as {
    results: { tags: string[] }[];
  };
  expect(results.map(({ tags }) => tags[0])).toEqual(["python", "css"]);
});

test("the documentation page lists the operations, with nothing from elsewhere", async ({ page }) => {
  const elsewhere: string[] = [];
  page.on("request", (sent) => new URL(sent.url()).origin !== addresses.api && elsewhere.push(sent.url()));
  await page.goto(v1("/docs"));
  await expect(page.getByText("/api/v1/predict/batch")).toBeVisible();
  expect(elsewhere.filter((url) => !url.startsWith("data:"))).toEqual([]);
});
