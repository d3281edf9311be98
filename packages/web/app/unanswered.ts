import type { ShouldRevalidateFunction } from "@remix-run/react";
import { isNoAnswer } from "./no-answer.ts";

interface Unanswered {
  readonly isUnanswered: true;
}

/** What an action of the server's says, or that nothing came of it here: the page then stays, with what was filled in. */
export async function orUnanswered(action: () => Promise<unknown>) {
  try {
    return await action();
  } catch (error) {
    if (!isNoAnswer(error)) throw error;
    return { isUnanswered: true } satisfies Unanswered;
  }
}

/** Of what an action gave. */
export const isUnanswered = (came: unknown): came is Unanswered =>
  typeof came === "object" && came !== null && "isUnanswered" in came;

/** Who gave no answer won't give the page's data anew either: that would bring the error page. */
export const unlessUnanswered: ShouldRevalidateFunction = ({ actionResult, defaultShouldRevalidate }) =>
  defaultShouldRevalidate && !isUnanswered(actionResult);
