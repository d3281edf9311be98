import { expect, it } from "vitest";
import { hashPassword, isPassword, isPasswordHash } from "./password.ts";

const password = "correct horse battery staple";

it("a password is known again by its hash, and no other is", async () => {
  const hash = await hashPassword(password);
  expect(await isPassword(password, hash)).toBe(true);
  expect(await isPassword(`${password} `, hash)).toBe(false);
  expect(await isPassword("", hash)).toBe(false);
});

it("the same password never has the same hash, and a hash needs no quotes anywhere", async () => {
  const [one, other] = await Promise.all([hashPassword(password), hashPassword(password)]);
  expect(one).not.toBe(other);
  expect(one).toMatch(/^[\w.-]+$/);
  expect(isPasswordHash(one)).toBe(true);
});

it("a guess costs what OWASP asks for: 32 MB, three times over", async () => {
  expect(await hashPassword(password)).toMatch(/^scrypt\.15\.8\.3\./);
});

it("an accent is the same however the keyboard makes it", async () => {
  expect(await isPassword("cafe\u0301 au lait", await hashPassword("caf\u00e9 au lait"))).toBe(true);
});

it.each(["", "password", "scrypt.15.8.3.short.short", "$2b$12$abcdefghijklmnopqrstuv"])(
  "%j is no hash",
  async (text) => {
    expect(isPasswordHash(text)).toBe(false);
    await expect(isPassword(password, text)).rejects.toThrow("npm run password");
  },
);
