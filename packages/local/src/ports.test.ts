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
