import { createServer } from "node:net";
import { expect, it } from "vitest";
import { claimPorts } from "./ports.ts";

it("each variable gets a port of its own, and one that another has taken is told with its name", async () => {
  const names = Array.from({ length: 50 }, (_, index) => `PORT_${index}`);
  const claimed = await claimPorts(Object.fromEntries(names.map((name) => [name, 0])));
  expect(new Set(Object.values(claimed)).size).toBe(50);
  const port = claimed.PORT_0 ?? 0;
  const both = claimPorts({ PORT: port, INFERENCE_PORT: port });
  await expect(both).rejects.toThrow(`Port ${port} is in use. Choose another, as INFERENCE_PORT=${port + 1}`);
  expect(await claimPorts({ PORT: port })).toEqual({ PORT: port });
});

it.each([
  [3000, "PORT=3001"],
  [80, "PORT=1024"],
  [65_535, "PORT=0"],
])("in the place of %d, one is advised that can be listened on", async (wanted, advice) => {
  const holder = createServer();
  // Whoever else has it, or that only root may: it can't be claimed either way.
  await new Promise((resolve) => holder.once("error", resolve).listen(wanted, "127.0.0.1", () => resolve(undefined)));
  try {
    await expect(claimPorts({ PORT: wanted })).rejects.toThrow(
      new RegExp(`^Port ${wanted} .*\\. Choose another, as ${advice}$`),
    );
  } finally {
    holder.close();
  }
});
