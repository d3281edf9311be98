import { expect, it } from "vitest";
import { Dashboard, signInLimits } from "./dashboard.ts";
import { hashPassword } from "./password.ts";
import { RateLimit } from "../rate-limit.ts";

const password = "correct horse battery staple";
const request = new Request("http://127.0.0.1:3000/dashboard/sign-in");
const withCookie = (cookie = "") => new Request(request.url, { headers: { cookie: cookie.split(";", 1)[0] ?? "" } });

const unreachable = () => Promise.resolve({ ok: false, reason: "unreachable" } as const);

function dashboardWith(hash: () => string | undefined, limiter = new RateLimit(signInLimits)) {
  return new Dashboard({
    password: () => Promise.resolve(hash()),
    limiter,
    figures: { read: unreachable, readTrial: unreachable },
    releases: undefined,
    agreement: undefined,
    serving: () => Promise.resolve({ status: "unreachable" }),
  });
}

const credentials = (given: string, address = "192.0.2.1") => ({ name: "Ada", password: given, address });

it("the right password begins a session under the given name", async () => {
  const hash = await hashPassword(password);
  const dashboard = dashboardWith(() => hash);
  const answer = await dashboard.signIn(credentials(password), request);
  if (!answer.ok) throw new Error(answer.reason);
  expect(await (await dashboard.sessions())?.read(withCookie(answer.cookies[0]))).toEqual({ name: "Ada" });
});

it("a wrong one doesn't, however long it is", async () => {
  const hash = await hashPassword(password);
  const dashboard = dashboardWith(() => hash);
  for (const given of ["", "wrong", `${password}!`, "x".repeat(2 ** 20)]) {
    expect(await dashboard.signIn(credentials(given), request)).toEqual({ ok: false, reason: "wrong" });
  }
});

it("after too many wrong ones not even the right one is looked at, from that address", async () => {
  const hash = await hashPassword(password);
  const dashboard = dashboardWith(() => hash, new RateLimit({ ofOneAddress: 2, ofAll: 10, windowSeconds: 900 }));
  await dashboard.signIn(credentials("wrong"), request);
  await dashboard.signIn(credentials("wrong"), request);
  expect(await dashboard.signIn(credentials(password), request)).toMatchObject({ ok: false, reason: "limited" });
  expect(await dashboard.signIn(credentials(password, "192.0.2.2"), request)).toMatchObject({ ok: true });
});

it("five guesses from one address and fifty from all are looked at in a quarter of an hour; the right password is none", async () => {
  const hash = await hashPassword(password);
  const dashboard = dashboardWith(() => hash);
  // Too long to be hashed, which takes a while.
  const guess = (address: string) => dashboard.signIn(credentials("x".repeat(1_001), address), request);
  for (let one = 0; one < 4; one++) expect(await guess("192.0.2.1")).toMatchObject({ reason: "wrong" });
  expect(await dashboard.signIn(credentials(password), request)).toMatchObject({ ok: true });
  for (let one = 0; one < 5; one++) expect(await guess("192.0.2.1")).toMatchObject({ reason: "wrong" });
  const sixth = await guess("192.0.2.1");
  expect(!sixth.ok && sixth.reason === "limited" && sixth.retryAfterSeconds / 60).toBeCloseTo(15, 0);
  for (let host = 1; host <= 41; host++) expect(await guess(`198.51.100.${host}`)).toMatchObject({ reason: "wrong" });
  expect(await guess("203.0.113.1")).toMatchObject({ reason: "limited" });
});

it("guesses from everywhere don't shut out a browser that signed in before; its own do", async () => {
  const hash = await hashPassword(password);
  const dashboard = dashboardWith(() => hash, new RateLimit({ ofOneAddress: 2, ofAll: 2, windowSeconds: 900 }));
  const first = await dashboard.signIn(credentials(password), request);
  const known = withCookie(first.ok ? first.cookies[1] : "");
  for (const address of ["192.0.2.1", "192.0.2.2"]) await dashboard.signIn(credentials("wrong", address), request);
  expect(await dashboard.signIn(credentials(password), request)).toMatchObject({ ok: false, reason: "limited" });
  expect(await dashboard.signIn(credentials(password), known)).toMatchObject({ ok: true });
  await dashboard.signIn(credentials("wrong"), known);
  await dashboard.signIn(credentials("wrong"), known);
  expect(await dashboard.signIn(credentials(password), known)).toMatchObject({ ok: false, reason: "limited" });
});

it("a hash that changes meanwhile ends every session; without one the dashboard is off", async () => {
  let hash: string | undefined = await hashPassword(password);
  const dashboard = dashboardWith(() => hash);
  const answer = await dashboard.signIn(credentials(password), request);
  if (!answer.ok) throw new Error(answer.reason);
  hash = await hashPassword(password);
  expect(await (await dashboard.sessions())?.read(withCookie(answer.cookies[0]))).toBeUndefined();
  hash = undefined;
  expect(await dashboard.sessions()).toBeUndefined();
  expect(await dashboard.signIn(credentials(password), request)).toEqual({ ok: false, reason: "wrong" });
});
