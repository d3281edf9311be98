import type { ShouldRevalidateFunction } from "@remix-run/react";
import { isNoAnswer } from "./no-answer.ts";

interface Unanswered {
  readonly isUnanswered: true;
}

/** What the server's action returns, or that no answer came: the page then stays, with what was filled in. */
export async function orUnanswered(action: () => Promise<unknown>) {
  try {
    return await action();
  } catch (error) {
    if (!isNoAnswer(error)) throw error;
    return { isUnanswered: true } satisfies Unanswered;
  }
}

/** Whether an action's result stands for a missing answer. */
export const isUnanswered = (came: unknown): came is Unanswered =>
  typeof came === "object" && came !== null && "isUnanswered" in came;

/** Without an answer, loading the page's data again would fail too, and show the error page. */
export const unlessUnanswered: ShouldRevalidateFunction = ({ actionResult, defaultShouldRevalidate }) =>
  defaultShouldRevalidate && !isUnanswered(actionResult);
