import type { Prediction } from "../../server/inference.ts";
import type { Question } from "../question.ts";

const kept = 50;

/** The latest answers by their text: going back to an earlier wording, or undoing, asks nothing. */
export class RecentAnswers {
  readonly #answers = new Map<string, Prediction>();

  find(question: Question): Prediction | undefined {
    return this.#answers.get(keyOf(question));
  }

  keep(question: Question, prediction: Prediction): void {
    this.#answers.set(keyOf(question), prediction);
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > kept && oldest !== undefined) this.#answers.delete(oldest);
  }
}

const keyOf = ({ title, body }: Question) => JSON.stringify([title, body]);
