// A model's thread that dies of a question named "crash" and answers others with one probability.
import { parentPort } from "node:worker_threads";

parentPort.on("message", ({ id, type, questions }) => {
  if (type === "close") parentPort.close();
  if (type === "load") parentPort.postMessage({ id, type: "loaded", runMs: 5 });
  if (type !== "predict") return;
  if (questions.some(({ title }) => title === "crash")) throw new Error("out of luck");
  // Held back, so that a crash finds others waiting.
  if (questions.some(({ title }) => title === "wait")) return;
  parentPort.postMessage({ id, type: "predicted", probabilities: questions.map(() => Float32Array.of(0.5)) });
});
