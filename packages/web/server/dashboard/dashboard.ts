import type { Agreement } from "./agreement.ts";
import { isPassword, maxPasswordLength } from "./password.ts";
import type { PasswordSource } from "./password-source.ts";
import type { Releases } from "./releases.ts";
import type { Serving } from "./serving.ts";
import { Sessions } from "./session.ts";
import type { Limits, RateLimit } from "../rate-limit.ts";
import type { DashboardSource } from "./source.ts";

/** Wrong passwords until further ones are refused unseen. A browser that has signed in before is only locked out by its own. */
export const signInLimits: Limits = { ofOneAddress: 5, ofAll: 50, windowSeconds: 15 * 60 };

interface Parts {
  readonly password: PasswordSource;
  readonly limiter: RateLimit;
  readonly figures: DashboardSource;
  /** Absent where no bucket was named. */
  readonly releases: Releases | undefined;
  /** Likewise. */
  readonly agreement: Agreement | undefined;
  readonly serving: () => Promise<Serving>;
}

export interface Credentials {
  readonly name: string;
  readonly password: string;
  /** Where the try comes from, as near as can be told. */
  readonly address: string;
}

export type SignIn =
  | { readonly ok: true; readonly cookies: readonly string[] }
  | { readonly ok: false; readonly reason: "wrong" }
  | { readonly ok: false; readonly reason: "limited"; readonly retryAfterSeconds: number };

/** Everything that the dashboard's pages ask the server for. */
export class Dashboard {
  readonly figures: DashboardSource;
  readonly releases: Releases | undefined;
  readonly agreement: Agreement | undefined;
  readonly serving: () => Promise<Serving>;
  readonly #password: PasswordSource;
  readonly #limiter: RateLimit;
  #kept: { readonly hash: string; readonly sessions: Sessions } | undefined;

  constructor({ password, limiter, figures, releases, agreement, serving }: Parts) {
    this.figures = figures;
    this.releases = releases;
    this.agreement = agreement;
    this.serving = serving;
    this.#password = password;
    this.#limiter = limiter;
  }

  /** The sessions under the password of now; undefined while none is set: then the dashboard is off. */
  async sessions(): Promise<Sessions | undefined> {
    const hash = await this.#password();
    if (hash === undefined) return undefined;
    if (this.#kept?.hash !== hash) this.#kept = { hash, sessions: new Sessions(hash) };
    return this.#kept.sessions;
  }

  async signIn({ name, password, address }: Credentials, request: Request): Promise<SignIn> {
    const [hash, sessions] = [await this.#password(), await this.sessions()];
    if (hash === undefined || !sessions) return { ok: false, reason: "wrong" };
    const device = await sessions.knownDevice(request);
    const [asker, isKnown] = device === undefined ? [address, false] : [device, true];
    const retryAfterSeconds = await this.#limiter.take(asker, isKnown);
    if (retryAfterSeconds > 0) return { ok: false, reason: "limited", retryAfterSeconds };
    const isRight = password.length <= maxPasswordLength && (await isPassword(password, hash));
    if (!isRight) return { ok: false, reason: "wrong" };
    await this.#limiter.forgive(asker, isKnown);
    return { ok: true, cookies: [await sessions.begin({ name }, request), await sessions.rememberDevice(request)] };
  }
}
