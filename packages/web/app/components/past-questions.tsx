import { useRef, useState } from "react";
import { useDeviceStore } from "../device-store.ts";
import { focusHeading } from "../focus-heading.ts";
import { forget, forgetAll, history, type PastQuestion } from "../generator/history.ts";
import { Button } from "./button.tsx";
import { ConfirmDialog } from "./confirm-dialog.tsx";

/** The questions that this device remembers; nothing where it remembers none. */
export function PastQuestions({ onOpen }: { onOpen: (question: PastQuestion) => void }) {
  const past = useDeviceStore(history);
  const [isAsking, setAsking] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  if (past.length === 0) return null;

  /** The focused button goes with its question, and the whole list with the last one: the focus needs a new place. */
  const remove = (question: PastQuestion) => {
    if (past.length > 1) heading.current?.focus();
    else focusHeading();
    forget(question);
  };
  const close = (isConfirmed: boolean) => {
    setAsking(false);
    if (!isConfirmed) return;
    focusHeading();
    forgetAll();
  };
  return (
    <section aria-labelledby="past" className="print:hidden">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2 id="past" ref={heading} tabIndex={-1} className="font-semibold">
          Your questions
        </h2>
        <Button look="quiet" onClick={() => setAsking(true)}>
          Delete all
        </Button>
      </div>
      <p className="mt-0.5 text-sm text-muted">Kept on this device alone.</p>
      <ul
        aria-labelledby="past"
        className="mt-3 divide-y divide-line overflow-hidden rounded-panel border border-line bg-surface"
      >
        {past.map((question) => (
          <PastQuestionItem key={question.at} question={question} onOpen={onOpen} onDelete={remove} />
        ))}
      </ul>
      {isAsking && (
        <ConfirmDialog title="Delete all your questions?" action="Delete all" onClose={close}>
          They are kept nowhere else, so they can’t be brought back.
        </ConfirmDialog>
      )}
    </section>
  );
}

interface ItemProps {
  readonly question: PastQuestion;
  readonly onOpen: (question: PastQuestion) => void;
  readonly onDelete: (question: PastQuestion) => void;
}

function PastQuestionItem({ question, onOpen, onDelete }: ItemProps) {
  return (
    <li className="flex items-center gap-2 pr-2">
      <button
        type="button"
        onClick={() => onOpen(question)}
        className="min-w-0 grow px-4 py-3 text-left leading-snug -outline-offset-2 wrap-anywhere hover:bg-tint hover:text-on-tint"
      >
        <span dir="auto" className="block">
          {question.title}
        </span>{" "}
        <span translate="no" className="block font-mono text-sm text-muted">
          {question.tags.join(" ")}
        </span>
      </button>
      <Button look="quiet" aria-label={`Delete “${question.title}”`} onClick={() => onDelete(question)}>
        Delete
      </Button>
    </li>
  );
}
