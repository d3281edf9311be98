import { expect, it } from "vitest";
import { action } from "./routes/theme.ts";
import { readTheme } from "./theme.server.ts";

async function choose(
  page: string,
  { site = "http://127.0.0.1:3000", theme = "dark" }: { site?: string; theme?: string } = {},
): Promise<Headers> {
  const request = new Request(`${site}/theme`, {
    method: "POST",
    body: new URLSearchParams({ theme, page }),
    headers: { "content-length": "100" },
  });
  const answer = await action({ request, params: {}, context: {} as never });
  return answer instanceof Response ? answer.headers : new Headers();
}

it("the choice leads back to the page that it was made on", async () => {
  expect((await choose("/bulk?from=here")).get("location")).toBe("/bulk?from=here");
});

it("over HTTPS the choice is kept for this host alone", async () => {
  const [cookie = ""] = (await choose("/", { site: "https://tags.example" })).getSetCookie();
  expect(cookie).toMatch(/^__Host-theme=.*; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
  const headers = { cookie: cookie.split(";", 1)[0] ?? "" };
  expect(await readTheme(new Request("https://tags.example/", { headers }))).toBe("dark");
  expect((await choose("/")).getSetCookie()).toEqual([expect.not.stringContaining("Secure")]);
});

it("the choice is kept for a year, and what the device says needs none: the one that was kept goes", async () => {
  expect((await choose("/")).getSetCookie()).toEqual([expect.stringMatching(/^theme=[^;]+; Max-Age=31536000;/)]);
  expect((await choose("/", { theme: "system" })).getSetCookie()).toEqual([
    expect.stringMatching(/^theme=[^;]*; Max-Age=0;/),
  ]);
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
  const location = (await choose(page)).get("location") ?? "";
  expect(new URL(location, "http://127.0.0.1:3000").origin).toBe("http://127.0.0.1:3000");
});
