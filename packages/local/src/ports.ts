import { type AddressInfo, createServer, type Server } from "node:net";

/**
 * Makes sure that each port can be listened on, before anything is started.
 * @param wanted port by the variable that sets it; 0 asks for any free one.
 * @param advise what to tell of a port that can't be used: by default, the variable that changes it.
 * @returns the same variables with real ports.
 * @throws {Error} naming the port, with the advice.
 */
export async function claimPorts<Name extends string>(
  wanted: Record<Name, number>,
  advise = (name: Name, port: number) => `Choose another, as ${name}=${nextPort(port)}`,
): Promise<Record<Name, number>> {
  const claimed = {} as Record<Name, number>;
  // Held until each has its own: two variables may ask for the same port, or any.
  const probes: Server[] = [];
  try {
    for (const name of Object.keys(wanted) as Name[]) {
      const probe = await holdPort(wanted[name], advise(name, wanted[name]));
      probes.push(probe);
      claimed[name] = (probe.address() as AddressInfo).port;
    }
  } finally {
    await Promise.all(probes.map((probe) => new Promise((resolve) => probe.close(resolve))));
  }
  return claimed;
}

/** One that anybody may listen on: below 1024 only root may, and behind the last one comes 0, which is any free one. */
function nextPort(port: number): number {
  return Math.max(1024, port + 1) % 65_536;
}

function holdPort(port: number, advice: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) => {
      const reason = error.code === "EADDRINUSE" ? "is in use" : `can't be used (${error.code ?? error.message})`;
      reject(new Error(`Port ${port} ${reason}. ${advice}`, { cause: error }));
    });
    probe.listen(port, "127.0.0.1", () => resolve(probe));
  });
}
