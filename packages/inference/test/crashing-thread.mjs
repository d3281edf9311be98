// A model's thread that does what any of the titles of its questions tells: it dies of "crash", never ends with "hang"; "crash once",
// "hang" and "hold" are answered by the successors (`?successor`), and others at once, with one probability. With `?broken` it dies of its model,
// with `?refusing` it says that it can't load it.
import { parentPort } from "node:worker_threads";

const kind = new URL(import.meta.url).search.slice(1);

parentPort.on("message", ({ id, type, questions }) => {
  if (type === "close") parentPort.close();
  if (type === "load" && kind === "broken") throw new Error("no memory for the model");
  if (type === "load" && kind === "refusing") parentPort.postMessage({ id, type: "failed", message: "no such file" });
  else if (type === "load") parentPort.postMessage({ id, type: "loaded", runMs: 5 });
  if (type !== "predict") return;
  const isTold = (what) => questions.some(({ title }) => title === what);
  if (isTold("crash") || (isTold("crash once") && kind !== "successor")) throw new Error("out of luck");
  if (isTold("hang") && kind !== "successor") for (;;);
  if (isTold("hold") && kind !== "successor") return;
  parentPort.postMessage({ id, type: "predicted", probabilities: new Float32Array(questions.length).fill(0.5) });
});
