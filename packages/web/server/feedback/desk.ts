import type { Feedback } from "@tagsmith/model-bundle/feedback";
import type { FeedbackOutcome } from "../../app/feedback.ts";
import { logError } from "../log.ts";
import { RateLimit, type Limits } from "../rate-limit.ts";
import { BatchWriter, type ObjectWriter } from "./batch-writer.ts";

/** More than anybody gives by hand. */
const feedbackLimits: Limits = { ofOneAddress: 30, ofAll: 600, windowSeconds: 10 * 60 };

/** Takes what people think of the tags. */
export class FeedbackDesk {
  readonly #writer: BatchWriter;
  readonly #limit: RateLimit;

  constructor(store: ObjectWriter, limits = feedbackLimits) {
    this.#writer = new BatchWriter(store);
    this.#limit = new RateLimit(limits);
  }

  /** Never rejects. `address` is the sender's, which is kept nowhere. */
  async take(given: Feedback, address: string): Promise<FeedbackOutcome> {
    const retryAfterSeconds = await this.#limit.take(address);
    if (retryAfterSeconds > 0) return { kind: "limited", retryAfterSeconds };
    try {
      await this.#writer.add(given);
      return { kind: "stored" };
    } catch (error) {
      logError("Feedback could not be stored.", error);
      return { kind: "failed" };
    }
  }

  /** Resolves when nothing waits to be written. */
  close(): Promise<void> {
    return this.#writer.flush();
  }
}
