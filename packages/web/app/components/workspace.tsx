import { useEffect, useRef } from "react";
import type { Prediction } from "../../server/inference.ts";
import type { Result } from "../failure.ts";
import { remember } from "../generator/history.ts";
import { select, tagsOf } from "../generator/selection.ts";
import { isStale, type SessionState } from "../generator/session.ts";
import { settingsStore, type Settings } from "../generator/settings.ts";
import type { Reasons } from "../generator/use-reasons.ts";
import { useAwaitedAnswer } from "../generator/use-awaited-answer.ts";
import { useSession } from "../generator/use-session.ts";
import { useSettings } from "../generator/use-settings.ts";
import { noQuestion, toQuestion, type Question } from "../question.ts";
import { useHydrated } from "../use-hydrated.ts";
import { AnswerColumn } from "./answer-column.tsx";
import { AnswerOptions } from "./answer-options.tsx";
import { Examples } from "./examples.tsx";
import { PastQuestions } from "./past-questions.tsx";
import { QuestionForm } from "./question-form.tsx";
import { ReplacedNotice } from "./replaced-notice.tsx";
import { ShareButton } from "./share-button.tsx";

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
  /** Another one each time that an example is chosen, the same one again included. */
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
  const shownExample = useRef(exampleKey);
  useEffect(() => {
    if (shownExample.current === exampleKey) return;
    shownExample.current = exampleKey;
    if (example) session.open(example);
  }, [exampleKey, example, session]);

  const { values, errors, answer, isPending } = state;
  // A page whose address leads to the answer would begin there, and not at the field that is wrong.
  const hasErrors = Object.keys(errors).length > 0;
  const selection = answer?.result.ok ? select(answer.result.value, settings) : undefined;
  const answered = answer && selection && !isStale(state) ? { ...answer.question, tags: tagsOf(selection) } : undefined;
  const rememberAnswer = () => answered && remember({ ...answered, at: new Date().toISOString() });
  const { section, awaitAnswer } = useAwaitedAnswer(state, rememberAnswer);

  const submit = () => {
    if (session.submit()) awaitAnswer();
    else fieldOf(form.current, session.state().errors.title === undefined ? "body" : "title")?.focus();
  };
  /** The button that had the focus goes with its notice. */
  const bringBack = () => {
    session.bringBack();
    fieldOf(form.current, "title")?.focus();
  };
  const isHydrated = useHydrated();
  const canShare = isHydrated && !hasErrors && toQuestion(values).title !== "";
  return (
    <div className="mt-8 grid grid-cols-1 gap-8 lg:grid-cols-[minmax(0,7fr)_minmax(0,5fr)] lg:grid-rows-[auto_1fr] lg:gap-x-12">
      <div className="grid grid-cols-1 content-start gap-6">
        <ReplacedNotice
          isLinkBroken={isLinkBroken}
          canBringBack={state.replaced !== undefined}
          onBringBack={bringBack}
        />
        <QuestionForm
          {...{ form, values, errors, isPending, answerId }}
          onType={(typed) => session.type(typed)}
          onSubmit={submit}
          options={<AnswerOptions settings={settings} onChange={(changed) => settingsStore.write(changed)} />}
          actions={canShare && <ShareButton question={values} onShare={rememberAnswer} />}
        />
      </div>
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

function startOf(submitted: Submitted | undefined, example: Question | undefined): Partial<SessionState> {
  if (!submitted) return { values: example ?? noQuestion };
  const { values = noQuestion, answer } = submitted;
  if (!answer.ok && answer.failure.kind === "invalid") return { values, errors: answer.failure.fields };
  return { values, answer: { question: toQuestion(values), result: answer } };
}

function fieldsOf(form: HTMLFormElement | null): Question {
  return { title: fieldOf(form, "title")?.value ?? "", body: fieldOf(form, "body")?.value ?? "" };
}

function fieldOf(form: HTMLFormElement | null, name: keyof Question) {
  const field = form?.elements.namedItem(name);
  return field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement ? field : undefined;
}
