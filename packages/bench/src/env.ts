/** What children may know of the user's environment: settings of the service or of AWS would change what is measured. */
const passedOn = ["PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "PEERS_HOME"];

/** The environment of a child process: what every program needs, and these variables. */
export function childEnv(variables: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const inherited = passedOn.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { NODE_ENV: "production", ...Object.fromEntries(inherited), ...variables };
}
