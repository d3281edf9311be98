import { hkdfSync, randomUUID } from "node:crypto";
import { createCookie, createCookieSessionStorage } from "@remix-run/node";
import * as z from "zod";

/** Who is signed in. */
export interface Admin {
  /** As given at the sign-in: whoever knows the password may call themselves anything. */
  readonly name: string;
}

const sessionSeconds = 30 * 24 * 60 * 60;
const deviceSeconds = 365 * 24 * 60 * 60;
const contents = z.object({ name: z.string(), expiresAt: z.number() });
const device = z.uuid();

/**
 * Sessions that live in a signed cookie alone. The key comes out of the password's hash: another password, or the same one
 * hashed anew, ends every session at once.
 */
export class Sessions {
  readonly #plain;
  readonly #encrypted;
  readonly #now: () => number;

  constructor(passwordHash: string, now = Date.now) {
    this.#now = now;
    this.#plain = cookiesOf(passwordHash, { prefix: "", secure: false });
    // With this prefix no other host, and nobody who meddles with HTTP, can put a cookie in its place.
    this.#encrypted = cookiesOf(passwordHash, { prefix: "__Host-", secure: true });
  }

  /** Whoever the request's cookie says; undefined without one, and for one that is forged, spoilt or too old. */
  async read(request: Request): Promise<Admin | undefined> {
    const session = await this.#cookies(request).session.getSession(request.headers.get("cookie"));
    const { success, data } = contents.safeParse(session.data);
    return success && data.expiresAt > this.#now() ? { name: data.name } : undefined;
  }

  /** The `Set-Cookie` that signs in. */
  async begin({ name }: Admin, request: Request): Promise<string> {
    const storage = this.#cookies(request).session;
    const session = await storage.getSession();
    session.set("name", name);
    session.set("expiresAt", this.#now() + sessionSeconds * 1_000);
    return storage.commitSession(session);
  }

  /** The `Set-Cookie` that signs this browser out. */
  async end(request: Request): Promise<string> {
    const storage = this.#cookies(request).session;
    return storage.destroySession(await storage.getSession());
  }

  /** The `Set-Cookie` by which a browser that has signed in is known again, signed in or not. */
  rememberDevice(request: Request): Promise<string> {
    return this.#cookies(request).device.serialize(randomUUID());
  }

  /** Which browser this is, if it has signed in before. */
  async knownDevice(request: Request): Promise<string | undefined> {
    return device.safeParse(await this.#cookies(request).device.parse(request.headers.get("cookie"))).data;
  }

  /** A browser drops a `Secure` cookie that comes over HTTP, as on a machine of one's own. */
  #cookies({ url }: Request) {
    return new URL(url).protocol === "https:" ? this.#encrypted : this.#plain;
  }
}

function cookiesOf(passwordHash: string, { prefix, secure }: { prefix: string; secure: boolean }) {
  const secret = (purpose: string) =>
    Buffer.from(hkdfSync("sha256", passwordHash, "", `tagsmith dashboard ${purpose}`, 32)).toString("base64url");
  const options = { path: "/", httpOnly: true, sameSite: "strict", secure } as const;
  const session = { ...options, name: `${prefix}dashboard`, maxAge: sessionSeconds, secrets: [secret("session")] };
  return {
    session: createCookieSessionStorage({ cookie: session }),
    device: createCookie(`${prefix}device`, { ...options, maxAge: deviceSeconds, secrets: [secret("device")] }),
  };
}
