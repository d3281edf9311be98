import { useEffect, useRef } from "react";
import type { Prediction } from "../../server/inference.ts";
import type { Result } from "../failure.ts";
import { FailureNotice } from "./failure-notice.tsx";
import { Suggestions } from "./suggestions.tsx";

interface Props {
  readonly id: string;
  readonly answer: Result<Prediction>;
  readonly isPending: boolean;
}

/** What came of a question. It comes into view and, where it is the answer hoped for, into focus. */
export function Answer({ id, answer, isPending }: Props) {
  const section = useRef<HTMLElement>(null);
  useEffect(() => {
    section.current?.scrollIntoView({ block: "nearest" });
    // An alert is read aloud by itself, and the button that asks again keeps the focus.
    if (answer.ok) section.current?.focus({ preventScroll: true });
  }, [answer]);

  return (
    <section
      ref={section}
      id={id}
      tabIndex={-1}
      aria-label="Answer"
      aria-busy={isPending}
      className="scroll-mt-4 self-start outline-none aria-busy:opacity-50 lg:col-start-2 lg:row-span-2 lg:scroll-mt-80"
    >
      {answer.ok ? (
        <div className="rounded-panel border border-line bg-surface p-5 sm:p-6">
          <Suggestions prediction={answer.value} />
        </div>
      ) : (
        <FailureNotice failure={answer.failure} again="Your question is still in the form: ask again" />
      )}
    </section>
  );
}
