import { useEffect, useRef } from "react";
import type { Prediction } from "../../server/inference.ts";
import type { Result } from "../failure.ts";
import { fieldsOf } from "../generator/form-fields.ts";
import { remember } from "../generator/history.ts";
import { select, tagsOf } from "../generator/selection.ts";
import { isStale, type Session, type SessionState } from "../generator/session.ts";
import type { Settings } from "../generator/settings.ts";
import type { Reasons } from "../generator/use-reasons.ts";
import { useAwaitedAnswer } from "../generator/use-awaited-answer.ts";
import { useSession } from "../generator/use-session.ts";
import { useSettings } from "../generator/use-settings.ts";
import { noQuestion, toQuestion, type Question } from "../question.ts";
import { AnswerColumn } from "./answer-column.tsx";
import { Examples } from "./examples.tsx";
import { PastQuestions } from "./past-questions.tsx";
import { QuestionColumn } from "./question-column.tsx";

/** What came of a form that was sent without scripts. */
export interface Submitted {
  readonly answer: Result<Prediction>;
  /** Absent where the form was too large to be read. */
  readonly values?: Question | undefined;
  readonly settings?: Settings | undefined;
  readonly reasons?: Reasons | undefined;
}

interface Props {
  readonly example: Question | undefined;
  /** A new one each time an example is chosen, even the same example. */
  readonly exampleKey: string;
  readonly titles: readonly string[];
  readonly submitted: Submitted | undefined;
}

const answerId = "answer";

/** The question, its answer, and where questions come from. */
export function Workspace({ example, exampleKey, titles, submitted }: Props) {
  const form = useRef<HTMLFormElement>(null);
  const { session, state, isLinkBroken } = useSession({
    start: startOf(submitted, example),
    example,
    readFields: () => fieldsOf(form.current),
  });
  const settings = useSettings(form, submitted?.settings);
  useChosenExample(session, { example, exampleKey });

  const { answer, errors } = state;
  const selection = answer?.result.ok ? select(answer.result.value, settings) : undefined;
  const answered = answer && selection && !isStale(state) ? { ...answer.question, tags: tagsOf(selection) } : undefined;
  const rememberAnswer = () => answered && remember({ ...answered, at: new Date().toISOString() });
  const { section, awaitAnswer } = useAwaitedAnswer(state, rememberAnswer);
  // The form's address ends in #answer: without the id, a page with errors begins at the field that is wrong instead.
  const hasErrors = Object.keys(errors).length > 0;
  return (
    <div className="mt-8 grid grid-cols-1 gap-8 lg:grid-cols-[minmax(0,7fr)_minmax(0,5fr)] lg:grid-rows-[auto_1fr] lg:gap-x-12">
      <QuestionColumn
        {...{ form, session, state, settings, isLinkBroken, answerId }}
        onAsk={awaitAnswer}
        onShare={rememberAnswer}
      />
      <AnswerColumn
        {...{ section, state, session, selection }}
        id={hasErrors ? undefined : answerId}
        reasons={submitted?.reasons}
        onTake={rememberAnswer}
      />
      <div className="grid grid-cols-1 content-start gap-8">
        <Examples titles={titles} />
        <PastQuestions onOpen={(question) => session.open({ title: question.title, body: question.body })} />
      </div>
    </div>
  );
}

/** Puts an example into the form when it is chosen, not when the page is loaded with it. */
function useChosenExample(session: Session, { example, exampleKey }: Pick<Props, "example" | "exampleKey">): void {
  const shown = useRef(exampleKey);
  useEffect(() => {
    if (shown.current === exampleKey) return;
    shown.current = exampleKey;
    if (example) session.open(example);
  }, [exampleKey, example, session]);
}

function startOf(submitted: Submitted | undefined, example: Question | undefined): Partial<SessionState> {
  if (!submitted) return { values: example ?? noQuestion };
  const { values = noQuestion, answer } = submitted;
  if (!answer.ok && answer.failure.kind === "invalid") return { values, errors: answer.failure.fields };
  return { values, answer: { question: toQuestion(values), result: answer } };
}
