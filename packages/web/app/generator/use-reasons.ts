import { useRef, useState } from "react";
import type { Explanation } from "../../server/inference.ts";
import type { Result } from "../failure.ts";
import { isSameQuestion, type Question } from "../question.ts";
import { askForReasons } from "./ask.ts";

export interface Reasons {
  readonly question: Question;
  readonly tag: string;
  /** Absent while they are on their way. */
  readonly result?: Result<Explanation> | undefined;
}

/** The words that speak for one tag at a time, of the question that the page shows and of no other. */
export function useReasons(question: Question | undefined, start: Reasons | undefined) {
  const [latest, setLatest] = useState(start);
  const asking = useRef<AbortController>();
  const isCurrent = question && latest && isSameQuestion(latest.question, question);

  const show = (tag: string) => {
    if (!question) return;
    asking.current?.abort();
    asking.current = new AbortController();
    setLatest({ question, tag });
    void askForReasons({ ...question, tag }, asking.current.signal).then(
      (result) => setLatest({ question, tag, result }),
      () => undefined,
    );
  };
  const hide = () => {
    asking.current?.abort();
    setLatest(undefined);
  };
  return { reasons: isCurrent ? latest : undefined, show, hide };
}
