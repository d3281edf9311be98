import { expect, it } from "vitest";
import { action } from "./routes/theme.ts";

async function choose(page: string): Promise<string | null> {
  const request = new Request("http://127.0.0.1:3000/theme", {
    method: "POST",
    body: new URLSearchParams({ theme: "dark", page }),
    headers: { "content-length": "100" },
  });
  const answer = await action({ request, params: {}, context: {} as never });
  return answer instanceof Response ? answer.headers.get("location") : null;
}

it("the choice leads back to the page that it was made on", async () => {
  expect(await choose("/bulk?from=here")).toBe("/bulk?from=here");
});

it.each([
  "https://elsewhere.example/",
  "//elsewhere.example",
  "/\\elsewhere.example",
  "\\\\elsewhere.example",
  "/.//elsewhere.example",
  "/x/..//elsewhere.example",
  "/\t/elsewhere.example",
  "javascript:alert(1)",
  "http://here.invalid.elsewhere.example",
])("nobody is sent to another site by %j", async (page) => {
  const location = (await choose(page)) ?? "";
  expect(new URL(location, "http://127.0.0.1:3000").origin).toBe("http://127.0.0.1:3000");
});
