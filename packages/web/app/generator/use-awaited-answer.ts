import { useEffect, useRef } from "react";
import type { Question } from "../question.ts";
import { isStale, type SessionState } from "./session.ts";

/**
 * An answer that comes while somebody types stays where it is and says nothing. One that was asked for by the button, of a
 * text that nobody has touched since, comes into view and, where it is the answer hoped for, into focus, so that it is read
 * aloud; then `onAnswer` is called.
 */
export function useAwaitedAnswer(state: SessionState, onAnswer: () => void) {
  const section = useRef<HTMLElement>(null);
  const asked = useRef<Question>();
  useEffect(() => {
    if (asked.current !== state.values || state.isPending || state.answer === undefined || isStale(state)) return;
    asked.current = undefined;
    section.current?.scrollIntoView({ block: "nearest" });
    // An alert is read aloud by itself, and the button that asks again keeps the focus.
    if (!state.answer.result.ok) return;
    section.current?.focus({ preventScroll: true });
    onAnswer();
  }, [state, onAnswer]);
  return { section, awaitAnswer: () => void (asked.current = state.values) };
}
