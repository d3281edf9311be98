import { hkdfSync } from "node:crypto";
import { createCookieSessionStorage } from "@remix-run/node";
import { z } from "zod";

/** Who is signed in. */
export interface Admin {
  /** As given at the sign-in: whoever knows the password may call themselves anything. */
  readonly name: string;
}

const sessionSeconds = 30 * 24 * 60 * 60;
const contents = z.object({ name: z.string(), expiresAt: z.number() });

/**
 * Sessions that live in a signed cookie alone. The key comes out of the password's hash: another password, or the same one
 * hashed anew, ends every session at once.
 */
export class Sessions {
  readonly #storage;
  readonly #now: () => number;

  constructor(passwordHash: string, now = Date.now) {
    const key = Buffer.from(hkdfSync("sha256", passwordHash, "", "tagsmith dashboard session", 32));
    this.#now = now;
    this.#storage = createCookieSessionStorage({
      cookie: {
        name: "dashboard",
        path: "/",
        httpOnly: true,
        sameSite: "strict",
        maxAge: sessionSeconds,
        secrets: [key.toString("base64url")],
      },
    });
  }

  /** Whoever the request's cookie says; undefined without one, and for one that is forged, spoilt or too old. */
  async read(request: Request): Promise<Admin | undefined> {
    const session = await this.#storage.getSession(request.headers.get("cookie"));
    const { success, data } = contents.safeParse(session.data);
    return success && data.expiresAt > this.#now() ? { name: data.name } : undefined;
  }

  /** The `Set-Cookie` that signs in. */
  async begin({ name }: Admin, request: Request): Promise<string> {
    const session = await this.#storage.getSession();
    session.set("name", name);
    session.set("expiresAt", this.#now() + sessionSeconds * 1_000);
    return this.#storage.commitSession(session, { secure: isEncrypted(request) });
  }

  /** The `Set-Cookie` that signs this browser out. */
  async end(request: Request): Promise<string> {
    return this.#storage.destroySession(await this.#storage.getSession(), { secure: isEncrypted(request) });
  }
}

/** A browser drops a `Secure` cookie that comes over HTTP, as on a machine of one's own. */
const isEncrypted = ({ url }: Request) => new URL(url).protocol === "https:";
