import { expect, it } from "vitest";
import { action } from "./routes/dashboard/sign-in.tsx";

async function signInAs(name: string): Promise<unknown> {
  const body = new URLSearchParams({ name, password: "correct horse battery staple" });
  const headers = { "content-length": "100" };
  const request = new Request("http://127.0.0.1:3000/dashboard/sign-in", { method: "POST", body, headers });
  const signIn = () => Promise.reject(new Error("The password was looked at."));
  const context = { dashboard: { signIn }, clientAddress: "192.0.2.1" } as never;
  return action({ request, context, params: {} });
}

it.each(["Ada\u001b[2J", "Ada\nseed", "Ada\u202e", "\u0000", "A\u200d\u200dda", "Ada \u200c B"])(
  "nobody signs in under a name that would change what stands beside it: %j",
  async (name) => {
    expect(await signInAs(name)).toMatchObject({
      data: { errors: { name: "Use characters that can be seen." } },
      init: { status: 422 },
    });
  },
);

it.each(["علی\u200cرضا", "Ada 👩\u200d🔬", "Zoë"])("a name may be written as its language has it: %s", async (name) => {
  await expect(signInAs(name)).rejects.toThrow("The password was looked at.");
});
