import { createServer } from "node:net";

/**
 * Makes sure that each port can be listened on, before anything is started.
 * @param wanted port by the variable that sets it; 0 asks for any free one.
 * @returns the same variables with real ports.
 * @throws {Error} naming the port, and the variable that changes it.
 */
export async function claimPorts<Name extends string>(wanted: Record<Name, number>): Promise<Record<Name, number>> {
  const claimed = {} as Record<Name, number>;
  for (const name of Object.keys(wanted) as Name[]) claimed[name] = await claimPort(name, wanted[name]);
  return claimed;
}

function claimPort(name: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) => {
      const reason = error.code === "EADDRINUSE" ? "is in use" : `can't be used (${error.code ?? error.message})`;
      reject(new Error(`Port ${port} ${reason}. Choose another, as ${name}=${port + 1}`, { cause: error }));
    });
    probe.listen(port, "127.0.0.1", () => {
      const address = probe.address();
      const free = typeof address === "object" && address ? address.port : port;
      probe.close(() => resolve(free));
    });
  });
}
