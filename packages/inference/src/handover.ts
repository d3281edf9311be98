import type { Predictor } from "@tagsmith/model-bundle/predictor";

export type Model = Pick<Predictor, "predict" | "close">;

interface Destination {
  readonly open: (signal: AbortSignal) => Promise<Model>;
  readonly onStay: ((error: unknown) => void) | undefined;
}

/** A model that answers where it is, and elsewhere as soon as it is open there, too. Where that fails, it stays. */
export class Handover implements Model {
  #model: Model;
  /** Questions that are asked before it has moved. */
  readonly #asked = new Set<Promise<unknown>>();
  #hasMoved = false;
  readonly #ending = new AbortController();
  readonly #handedOver: Promise<void>;

  constructor(model: Model, { open, onStay }: Destination) {
    this.#model = model;
    this.#handedOver = this.#move(open).catch((error: unknown) => {
      if (!this.#ending.signal.aborted) onStay?.(error);
    });
  }

  async predict(questions: Parameters<Model["predict"]>[0]): ReturnType<Model["predict"]> {
    const answer = this.#model.predict(questions);
    if (this.#hasMoved) return answer;
    this.#asked.add(answer);
    try {
      return await answer;
    } finally {
      this.#asked.delete(answer);
    }
  }

  async close(): Promise<void> {
    this.#ending.abort();
    await this.#handedOver;
    await this.#model.close();
  }

  async #move(open: Destination["open"]): Promise<void> {
    const moved = await open(this.#ending.signal);
    const left = this.#model;
    this.#model = moved;
    this.#hasMoved = true;
    await Promise.allSettled(this.#asked);
    await left.close();
  }
}
