import { SSMClient } from "@aws-sdk/client-ssm";
import { expect, it } from "vitest";
import { awsServer } from "../../test/aws-server.ts";
import { hashPassword } from "./password.ts";
import { passwordFromSecret } from "./password-source.ts";

const names = { own: "/sst/tagsmith/prod/Secret/X/value", fallback: "/sst/tagsmith/.fallback/Secret/X/value" };

/** A Parameter Store of secrets, whose contents a test may change, and a clock for what reads it. */
async function parameterStore(contents: Record<string, string>) {
  const aws = await awsServer(({ input }) => {
    const told = (value: string) => (input["WithDecryption"] ? value : "encrypted");
    const Parameters = Object.entries(contents).map(([Name, value]) => ({ Name, Value: told(value) }));
    return { body: { Parameters: Parameters.filter(({ Name }) => (input["Names"] as string[]).includes(Name)) } };
  });
  const clock = { now: 0 };
  return { contents, aws, clock, source: passwordFromSecret(names, new SSMClient(aws.client), () => clock.now) };
}

it("the stage's own secret counts, then that for every stage, then none", async () => {
  const [own, fallback] = await Promise.all([
    hashPassword("the password of prod"),
    hashPassword("that of every stage"),
  ]);
  const both = await parameterStore({ [names.own]: own, [names.fallback]: fallback });
  expect(await both.source()).toBe(own);
  const one = await parameterStore({ [names.fallback]: fallback });
  expect(await one.source()).toBe(fallback);
  const none = await parameterStore({});
  expect(await none.source()).toBeUndefined();
});

it("a changed secret counts within half a minute, and is asked for no more often", async () => {
  const [before, after] = await Promise.all([hashPassword("the password before"), hashPassword("the password after")]);
  const { contents, aws, clock, source } = await parameterStore({ [names.own]: before });
  expect(await Promise.all([source(), source()])).toEqual([before, before]);
  contents[names.own] = after;
  clock.now = 29_000;
  expect(await source()).toBe(before);
  expect(aws.calls).toHaveLength(1);
  clock.now = 30_000;
  expect(await source()).toBe(after);
});

it("a password in the place of its hash is refused, not compared", async () => {
  const { source } = await parameterStore({ [names.own]: "correct horse battery staple" });
  await expect(source()).rejects.toThrow("npm run password");
});

it("a store that refuses is asked again by the next one who comes", async () => {
  let isDenied = true;
  const aws = await awsServer(() =>
    isDenied ? { status: 400, body: { __type: "AccessDeniedException", message: "no" } } : { body: { Parameters: [] } },
  );
  const source = passwordFromSecret(names, new SSMClient(aws.client));
  await expect(source()).rejects.toThrow("no");
  isDenied = false;
  expect(await source()).toBeUndefined();
});
