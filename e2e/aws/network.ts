import { docker } from "./engine.ts";

/** A network of containers, where each has a name, and this machine an address. */
export interface ContainerNetwork extends AsyncDisposable {
  readonly name: string;
  /** This machine, as the containers reach it. */
  readonly gateway: string;
}

/** Disposing of it removes the containers that are left on it, too. */
export async function containerNetwork(): Promise<ContainerNetwork> {
  const name = `tagsmith-${process.pid}`;
  await docker(["network", "create", name]);
  const gateway = await docker(["network", "inspect", "--format", "{{(index .IPAM.Config 0).Gateway}}", name]);
  const always = { always: true };
  const remove = async () => {
    const left = await docker(["ps", "--all", "--quiet", "--filter", `network=${name}`], always);
    if (left) await docker(["rm", "--force", "--volumes", ...left.split("\n")], always);
    await docker(["network", "rm", name], always);
  };
  return { name, gateway, [Symbol.asyncDispose]: remove };
}
