import { GetParametersCommand, SSMClient } from "@aws-sdk/client-ssm";
import { isPasswordHash } from "./password.ts";

/** The hash of the admin's password as it is now; undefined where none is set, which switches the dashboard off. */
export type PasswordSource = () => Promise<string | undefined>;

/** A secret that is changed has its effect after that, on a server that goes on running. */
const keptMs = 30_000;

/** The names under which SST keeps a secret: this stage's own, then that for every stage. */
export interface SecretNames {
  readonly own: string;
  readonly fallback: string;
}

/**
 * Reads SST's secret where SST keeps it, at most twice a minute.
 * Throws where the Parameter Store can't be read, or where what is set is no hash.
 */
export function passwordFromSecret(names: SecretNames, client = new SSMClient({}), now = Date.now): PasswordSource {
  let kept: { readonly at: number; readonly hash: Promise<string | undefined> } | undefined;
  return async () => {
    if (!kept || now() - kept.at >= keptMs) kept = { at: now(), hash: fetchSecret(names, client) };
    try {
      return await kept.hash;
    } catch (error) {
      kept = undefined;
      throw error;
    }
  };
}

async function fetchSecret({ own, fallback }: SecretNames, client: SSMClient): Promise<string | undefined> {
  const command = new GetParametersCommand({ Names: [own, fallback], WithDecryption: true });
  const { Parameters = [] } = await client.send(command);
  const valueOf = (name: string) => Parameters.find(({ Name }) => Name === name)?.Value;
  const hash = valueOf(own) ?? valueOf(fallback);
  if (hash !== undefined && !isPasswordHash(hash)) {
    throw new Error("The secret ADMIN_PASSWORD_HASH is not a hash that `npm run password` has made.");
  }
  return hash;
}
