import { tinyBundle } from "@tagsmith/model-bundle/test/tiny-bundle";
import { expect, it, vi } from "vitest";
import { crashing, half, question } from "../test/with-pool.ts";
import { ModelThread } from "./model-thread.ts";

it("a thread that works without a pause is not given up, and once closed no longer watched over", async () => {
  const bundle = await tinyBundle();
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  try {
    const thread = new ModelThread(crashing(""), 1_000);
    await thread.open(bundle);
    for (let time = 0; time < 3; time++) {
      const answer = thread.predict(question("fine"));
      vi.advanceTimersByTime(1_000);
      expect(await answer).toEqual(half);
    }
    await thread.close();
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});
