import { expect } from "vitest";

/** `expect.poll` with the patience that a busy machine needs. */
export const eventually = <T>(state: () => T) => expect.poll(state, { timeout: 45_000 });
