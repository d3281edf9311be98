import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from "node:crypto";
import { promisify } from "node:util";

/** A password below that is guessed, whatever the hash costs. */
export const minPasswordLength = 12;
/** Longer ones are no safer, and take time to be read. */
export const maxPasswordLength = 1_000;

/** OWASP's choice for little memory: 32 MB and about 0.2 s for each try. */
const cost = { logN: 15, r: 8, p: 3 } as const;
const keyBytes = 32;

const format = /^scrypt\.(\d{1,2})\.(\d{1,2})\.(\d{1,2})\.([\w-]{16,})\.([\w-]{43})$/;
const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

/** What is kept of a password: `scrypt.LOGN.R.P.SALT.KEY`, without a character that a shell or a .env file would change. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await deriveKey(password, { ...cost, salt });
  return ["scrypt", cost.logN, cost.r, cost.p, salt.toString("base64url"), key.toString("base64url")].join(".");
}

export const isPasswordHash = (text: string): boolean => format.test(text);

/** Whether the hash is this password's. Takes as long whatever is wrong. Throws for what is no hash. */
export async function isPassword(password: string, hash: string): Promise<boolean> {
  const [, logN, r, p, salt, key] = format.exec(hash) ?? [];
  if (!salt || !key) throw new Error("The password's hash is not one that `npm run password` has made.");
  const parameters = { logN: Number(logN), r: Number(r), p: Number(p), salt: Buffer.from(salt, "base64url") };
  return timingSafeEqual(await deriveKey(password, parameters), Buffer.from(key, "base64url"));
}

interface Parameters {
  readonly logN: number;
  readonly r: number;
  readonly p: number;
  readonly salt: Buffer;
}

function deriveKey(password: string, { logN, r, p, salt }: Parameters): Promise<Buffer> {
  const N = 2 ** logN;
  // The same letters can be typed as different bytes: é is one character or two.
  return derive(password.normalize("NFKC"), salt, keyBytes, { N, r, p, maxmem: 256 * N * r });
}
