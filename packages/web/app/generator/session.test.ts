import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Prediction } from "../../server/inference.ts";
import type { Result } from "../failure.ts";
import type { Question } from "../question.ts";
import { isStale, Session } from "./session.ts";

const model = { name: "tags", version: "1.0.0", description: "", training_data: "" };

const answerTo = ({ title }: Question): Prediction => ({ ml_model_metadata: model, tags: [title], predictions: [] });

/** The service: each question waits until the test answers it. */
class Service {
  readonly asked: {
    question: Question;
    signal: AbortSignal;
    answer: (result?: Result<Prediction>) => Promise<void>;
  }[] = [];

  readonly ask = (question: Question, signal: AbortSignal) =>
    new Promise<Result<Prediction>>((resolve, reject) => {
      signal.addEventListener("abort", () => reject(new Error("aborted")));
      const answer = async (result: Result<Prediction> = { ok: true, value: answerTo(question) }) => {
        resolve(result);
        await vi.advanceTimersByTimeAsync(0);
      };
      this.asked.push({ question, signal, answer });
    });

  get titles(): string[] {
    return this.asked.map(({ question }) => question.title);
  }

  get last() {
    const last = this.asked.at(-1);
    if (!last) throw new Error("nothing was asked");
    return last;
  }
}

const titled = (title: string): Question => ({ title, body: "" });
const pause = () => vi.advanceTimersByTimeAsync(500);

let service: Service;
let session: Session;

beforeEach(() => {
  vi.useFakeTimers();
  service = new Service();
  session = new Session(service.ask);
});
afterEach(() => {
  session.close();
  vi.useRealTimers();
});

describe("while somebody types", () => {
  it("only the text at a pause is asked about", async () => {
    for (const title of ["H", "Ho", "How"]) session.type(titled(title));
    await pause();
    expect(service.titles).toEqual(["How"]);
  });

  it("a question that is typed over is aborted, and its answer is never shown", async () => {
    session.type(titled("How to sort"));
    await pause();
    const { signal, answer } = service.last;
    session.type(titled("How to merge"));
    expect(signal.aborted).toBe(true);
    await answer();
    expect(session.state().answer).toBeUndefined();
    await pause();
    await service.last.answer();
    expect(session.state().answer?.question).toEqual(titled("How to merge"));
  });

  it("an answer to an earlier text is known as such until the new one is there", async () => {
    session.type(titled("one"));
    await pause();
    await service.last.answer();
    session.type(titled("two"));
    expect(isStale(session.state())).toBe(true);
    await pause();
    await service.last.answer();
    expect(isStale(session.state())).toBe(false);
  });

  it("a text that was answered before is not asked about again", async () => {
    for (const title of ["one", "two"]) {
      session.type(titled(title));
      await pause();
      await service.last.answer();
    }
    session.type(titled("one"));
    expect(session.state()).toMatchObject({ answer: { question: titled("one") }, isPending: false });
    await pause();
    expect(service.titles).toEqual(["one", "two"]);
  });

  it("a title that is still missing is no mistake, and asks nothing", async () => {
    session.type({ title: " ", body: "text" });
    await pause();
    expect(session.state().errors).toEqual({});
    expect(service.titles).toEqual([]);
  });

  it("a body that is too long is told at once, and is not sent", async () => {
    session.type({ title: "one", body: "b".repeat(100_001) });
    await pause();
    expect(session.state().errors.body).toContain("100,001 characters");
    expect(service.titles).toEqual([]);
  });
});

describe("on submit", () => {
  it("the question is asked without a pause", async () => {
    session.type(titled("one"));
    expect(session.submit()).toBe(true);
    await vi.advanceTimersByTimeAsync(0);
    expect(service.titles).toEqual(["one"]);
  });

  it("it is asked anew though its answer is known: another model may be in use by now", async () => {
    session.type(titled("How to sort"));
    await pause();
    await service.last.answer();
    session.submit();
    const promoted = { ...answerTo(titled("How to sort")), ml_model_metadata: { ...model, version: "2.0.0" } };
    await service.last.answer({ ok: true, value: promoted });
    expect(service.titles).toEqual(["How to sort", "How to sort"]);
    expect(session.state().answer?.result).toEqual({ ok: true, value: promoted });
  });

  it("a missing title is told, and the body stays", () => {
    session.type({ title: "", body: "text" });
    expect(session.submit()).toBe(false);
    expect(session.state()).toMatchObject({
      errors: { title: "Give your question a title." },
      values: { body: "text" },
    });
  });

  it("what the service finds wrong is told beside its field", async () => {
    session.type(titled("one"));
    session.submit();
    await vi.advanceTimersByTimeAsync(0);
    await service.last.answer({ ok: false, failure: { kind: "invalid", fields: { title: "Too odd" } } });
    expect(session.state()).toMatchObject({ errors: { title: "Too odd" }, answer: undefined });
  });
});

describe("a failure that may pass", () => {
  const overloaded: Result<Prediction> = { ok: false, failure: { kind: "overloaded", retryAfterSeconds: 3 } };

  async function fail(result = overloaded) {
    session.type(titled("one"));
    await pause();
    await service.last.answer(result);
  }

  it("is counted down from when the service said, then asked again until it is answered", async () => {
    await fail();
    expect(session.state().retryInSeconds).toBe(3);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(session.state().retryInSeconds).toBe(2);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(session.state()).toMatchObject({ isPending: true, retryInSeconds: undefined });
    await vi.advanceTimersByTimeAsync(0);
    await service.last.answer();
    expect(session.state().answer?.result.ok).toBe(true);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(service.titles).toEqual(["one", "one"]);
  });

  it("is asked ever more rarely where the service names no time", async () => {
    await fail({ ok: false, failure: { kind: "unreachable" } });
    const waits = [];
    for (let round = 0; round < 6; round++) {
      const { retryInSeconds = 0 } = session.state();
      waits.push(retryInSeconds);
      await vi.advanceTimersByTimeAsync(1_000 * retryInSeconds);
      await vi.advanceTimersByTimeAsync(0);
      await service.last.answer({ ok: false, failure: { kind: "unreachable" } });
    }
    expect(waits).toEqual([2, 4, 8, 16, 30, 30]);
  });

  it("is not asked again once the visitor stops it, nor after the page was left", async () => {
    await fail();
    session.stopRetrying();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(session.state().retryInSeconds).toBeUndefined();
    session.retry();
    await vi.advanceTimersByTimeAsync(0);
    await service.last.answer(overloaded);
    session.close();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(service.titles).toEqual(["one", "one"]);
  });

  it("is asked once more, however often that is asked for", async () => {
    await fail();
    session.retry();
    session.retry();
    const [, first, second] = service.asked;
    expect(first?.signal.aborted).toBe(true);
    await second?.answer();
    expect(session.state().answer?.result.ok).toBe(true);
    expect(service.titles).toEqual(["one", "one", "one"]);
  });

  it("is forgotten when another text is typed", async () => {
    await fail();
    session.type(titled("two"));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(service.titles).toEqual(["one", "two"]);
  });
});

it("a question that is too large is not asked again: it stays too large", async () => {
  session.type(titled("one"));
  await pause();
  await service.last.answer({ ok: false, failure: { kind: "too_large" } });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(service.titles).toEqual(["one"]);
});

it("an answer that takes long is said to", async () => {
  session.type(titled("one"));
  await vi.advanceTimersByTimeAsync(3_000);
  expect(session.state().isSlow).toBe(true);
  await service.last.answer();
  expect(session.state().isSlow).toBe(false);
});

it("a text that another question takes the place of can be brought back", () => {
  session.type(titled("mine"));
  session.open(titled("an example"));
  expect(session.state()).toMatchObject({ values: titled("an example"), replaced: titled("mine") });
  session.bringBack();
  expect(session.state()).toMatchObject({ values: titled("mine"), replaced: undefined });
});
