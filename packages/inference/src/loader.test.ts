import { expect, it } from "vitest";
import { retryDefaults } from "./backoff.ts";
import { Loader, type News } from "./loader.ts";

/** A thread that finds two versions promoted, one after the other, and then says so. */
const restless = new URL(
  `data:text/javascript,
  import { parentPort } from "node:worker_threads";
  const told = new Int32Array(new SharedArrayBuffer(4));
  for (const etag of ["1", "2"]) parentPort.postMessage({ type: "promotion", promotion: { etag, told } });
  Atomics.store(told, 0, 1);
  Atomics.notify(told, 0);`,
);

it("once it is being closed a loader tells no more news: a version promoted just then would be loaded for ever", async () => {
  const loader = new Loader({ store: { bucket: "models" }, watchMs: 1, retry: retryDefaults }, restless);
  const heard: News[] = [];
  await new Promise<void>((resolve) => {
    loader.follow((news) => {
      heard.push(news);
      const { promotion } = news as unknown as { promotion: { told: Int32Array } };
      Atomics.wait(promotion.told, 0, 0); // the second is on its way by then
      resolve(loader.close());
    });
  });
  expect(heard).toHaveLength(1);
});
