import type { FieldErrors } from "../failure.ts";
import { isSameQuestion, noQuestion, questionErrors, toQuestion, type Question } from "../question.ts";
import { Inquiry, type Ask, type Progress } from "./inquiry.ts";

export interface SessionState extends Progress {
  /** The fields as they stand. */
  readonly values: Question;
  readonly errors: FieldErrors;
  /** A text that another question took the place of, to be brought back. */
  readonly replaced?: Question | undefined;
}

const typingPauseMs = 180;

/** The form's text and the answer to it, for React's useSyncExternalStore. */
export class Session {
  #state: SessionState;
  readonly #inquiry: Inquiry;
  readonly #listeners = new Set<() => void>();

  constructor(ask: Ask, start: Partial<SessionState> = {}) {
    this.#state = { values: noQuestion, errors: {}, isPending: false, isSlow: false, ...start };
    this.#inquiry = new Inquiry(ask, (change) => this.#onProgress(change));
  }

  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  readonly state = (): SessionState => this.#state;

  /** Takes the text as it is typed and asks once the typing pauses. */
  type(values: Question): void {
    const { title, ...others } = questionErrors(values);
    // A title that is still missing is no mistake of somebody who has just begun.
    const isTold = values.title.trim() !== "" || this.#state.errors.title !== undefined;
    const errors = isTold && title !== undefined ? { title, ...others } : others;
    this.#take(values, { errors, isAskable: title === undefined && !("body" in others), pauseMs: typingPauseMs });
  }

  /** Asks at once. Returns whether the text can be asked; if not, `errors` says why. */
  submit(): boolean {
    const { values } = this.#state;
    const errors = questionErrors(values);
    const isAskable = Object.keys(errors).length === 0;
    this.#take(values, { errors, isAskable, pauseMs: 0 });
    return isAskable;
  }

  /** Puts another question into the form; a text of the visitor's that it replaces can be brought back. */
  open(values: Question): void {
    const before = this.#state.values;
    const isWorthKeeping = !isSameQuestion(before, noQuestion) && !isSameQuestion(before, values);
    this.#set({ replaced: isWorthKeeping ? before : undefined });
    this.type(values);
  }

  bringBack(): void {
    if (this.#state.replaced) this.type(this.#state.replaced);
    this.#set({ replaced: undefined });
  }

  retry(): void {
    this.#inquiry.retry(toQuestion(this.#state.values));
  }

  stopRetrying(): void {
    this.#inquiry.stopRetrying();
  }

  /** Ends what is under way. */
  close(): void {
    this.#inquiry.cancel();
  }

  #take(values: Question, next: { errors: FieldErrors; isAskable: boolean; pauseMs: number }): void {
    this.#set({ values, errors: next.errors });
    if (next.isAskable) {
      this.#inquiry.begin(toQuestion(values), next.pauseMs);
    } else {
      this.#inquiry.cancel();
      this.#set({ answer: undefined });
    }
  }

  /** What is wrong with a field is told beside the field. */
  #onProgress(change: Partial<Progress>): void {
    const result = change.answer?.result;
    const isInvalid = result?.ok === false && result.failure.kind === "invalid";
    this.#set(isInvalid ? { ...change, answer: undefined, errors: result.failure.fields } : change);
  }

  #set(change: Partial<SessionState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}

/** Whether the answer on the page is to an earlier text. */
export const isStale = ({ values, answer }: SessionState): boolean =>
  answer !== undefined && !isSameQuestion(answer.question, toQuestion(values));
