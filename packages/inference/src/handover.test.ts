import { describe, expect, it } from "vitest";
import { Handover, type Model } from "./handover.ts";

const questions = [{ title: "python", body: "" }];

function deferred<T>() {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
}

/** Answers with its number once it is let, or at once; tells when it is closed. */
function model(number: number, isHeld = false) {
  const held = deferred<undefined>();
  const state = { isClosed: false, release: () => held.resolve(undefined) };
  const answering: Model = {
    predict: async () => {
      if (isHeld) await held.promise;
      if (state.isClosed) throw new Error("closed");
      return [Float32Array.of(number)];
    },
    close: () => {
      state.isClosed = true;
      return Promise.resolve();
    },
  };
  return { model: answering, state };
}

const answerOf = async (asked: ReturnType<Model["predict"]>) => (await asked)[0]?.[0];

describe("a model that moves", () => {
  it("answers where it is until it has moved, and is closed there once it has answered all", async () => {
    const [here, there] = [model(1, true), model(2)];
    const opened = deferred<Model>();
    const moving = new Handover(here.model, { open: () => opened.promise, onStay: undefined });
    const before = answerOf(moving.predict(questions));
    opened.resolve(there.model);
    await opened.promise;
    expect(await answerOf(moving.predict(questions))).toBe(2);
    expect(here.state.isClosed).toBe(false);
    here.state.release();
    expect(await before).toBe(1);
    await moving.close();
    expect([here.state.isClosed, there.state.isClosed]).toEqual([true, true]);
  });

  it("stays where it is and says why when it can't be opened elsewhere", async () => {
    const here = model(1);
    const why = deferred<unknown>();
    const open = () => Promise.reject(new Error("no memory"));
    const moving = new Handover(here.model, { open, onStay: why.resolve });
    expect(await why.promise).toEqual(new Error("no memory"));
    expect(await answerOf(moving.predict(questions))).toBe(1);
    await moving.close();
    expect(here.state.isClosed).toBe(true);
  });

  it("and is closed meanwhile moves no more, and complains of nothing", async () => {
    const here = model(1);
    const complaints: unknown[] = [];
    const open = (signal: AbortSignal) =>
      new Promise<Model>((_, reject) => {
        signal.addEventListener("abort", () => reject(new Error("stopped")));
      });
    const moving = new Handover(here.model, { open, onStay: (error) => complaints.push(error) });
    await moving.close();
    expect(here.state.isClosed).toBe(true);
    expect(complaints).toEqual([]);
  });
});
