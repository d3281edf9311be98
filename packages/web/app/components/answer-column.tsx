import type { RefObject } from "react";
import { mayPass } from "../failure.ts";
import type { Selection } from "../generator/selection.ts";
import { isStale, type Session, type SessionState } from "../generator/session.ts";
import type { Reasons } from "../generator/use-reasons.ts";
import { useHydrated } from "../use-hydrated.ts";
import { useKeptFocus } from "../use-kept-focus.ts";
import { Answer } from "./answer.tsx";
import { FailureNotice } from "./failure-notice.tsx";
import { RetryActions } from "./retry-actions.tsx";

interface Props {
  readonly id: string | undefined;
  readonly section: RefObject<HTMLElement>;
  readonly state: SessionState;
  readonly session: Session;
  /** Absent where there is no answer to select from. */
  readonly selection: Selection | undefined;
  /** Reasons that the server has rendered. */
  readonly reasons: Reasons | undefined;
  readonly onTake: () => void;
}

/** What came of the question. An answer to an earlier text is faint and can't be used until the new one is there. */
export function AnswerColumn({ id, section, state, session, selection, reasons, onTake }: Props) {
  const { answer, isPending, isSlow, retryInSeconds } = state;
  const isHydrated = useHydrated();
  const stale = isStale(state);
  return (
    <section
      ref={section}
      id={id}
      tabIndex={-1}
      {...useKeptFocus(section)}
      aria-label="Answer"
      className="scroll-mt-4 outline-none lg:col-start-2 lg:row-span-2 lg:row-start-1"
    >
      <p
        role="status"
        className="not-empty:mb-3 not-empty:rounded-control not-empty:bg-plate not-empty:px-4 not-empty:py-2"
      >
        {isSlow && "The service is slow to answer. The question is on its way; nothing is lost."}
      </p>
      {answer === undefined && <Waiting isPending={isPending} />}
      {answer?.result.ok && selection && (
        <div {...(stale && { inert: "" })} className={stale ? "opacity-40" : ""}>
          <Answer
            question={answer.question}
            prediction={answer.result.value}
            selection={selection}
            reasons={reasons}
            onCopy={onTake}
          />
        </div>
      )}
      {answer?.result.ok === false && (
        <FailureNotice
          failure={answer.result.failure}
          again={isHydrated ? undefined : "Your question is still in the form: ask again"}
          actions={
            isHydrated && mayPass(answer.result.failure) ? (
              <RetryActions
                inSeconds={retryInSeconds}
                isPending={isPending}
                onRetry={() => session.retry()}
                onStop={() => session.stopRetrying()}
              />
            ) : undefined
          }
        />
      )}
    </section>
  );
}

function Waiting({ isPending }: { isPending: boolean }) {
  return (
    <div className="rounded-panel border border-dashed border-edge p-6 text-muted print:hidden">
      <p className="font-semibold text-ink">{isPending ? "Reading your question…" : "The tags appear here"}</p>
      <p className="mt-1 noscript:hidden">
        {isPending ? "The tags appear here." : "Type a title, and they follow while you write."}
      </p>
    </div>
  );
}
