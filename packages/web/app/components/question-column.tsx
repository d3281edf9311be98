import type { RefObject } from "react";
import { fieldOf } from "../generator/form-fields.ts";
import type { Session, SessionState } from "../generator/session.ts";
import { settingsStore, type Settings } from "../generator/settings.ts";
import { toQuestion } from "../question.ts";
import { useHydrated } from "../use-hydrated.ts";
import { AnswerOptions } from "./answer-options.tsx";
import { QuestionForm } from "./question-form.tsx";
import { ReplacedNotice } from "./replaced-notice.tsx";
import { ShareButton } from "./share-button.tsx";

interface Props {
  readonly form: RefObject<HTMLFormElement>;
  readonly session: Session;
  readonly state: SessionState;
  readonly settings: Settings;
  readonly isLinkBroken: boolean;
  readonly answerId: string;
  /** Called when the question has been sent by the button. */
  readonly onAsk: () => void;
  readonly onShare: () => void;
}

/** The form, and what can be done with the question in it. */
export function QuestionColumn({ form, session, state, settings, isLinkBroken, answerId, onAsk, onShare }: Props) {
  const { values, errors, isPending } = state;
  const canShare = useHydrated() && Object.keys(errors).length === 0 && toQuestion(values).title !== "";
  const submit = () => {
    if (session.submit()) onAsk();
    else fieldOf(form.current, session.state().errors.title === undefined ? "body" : "title")?.focus();
  };
  /** The notice goes, and its button with it: the focus needs a new place. */
  const bringBack = () => {
    session.bringBack();
    fieldOf(form.current, "title")?.focus();
  };
  return (
    <div className="grid grid-cols-1 content-start gap-6">
      <ReplacedNotice isLinkBroken={isLinkBroken} canBringBack={state.replaced !== undefined} onBringBack={bringBack} />
      <QuestionForm
        {...{ form, values, errors, isPending, answerId }}
        onType={(typed) => session.type(typed)}
        onSubmit={submit}
        options={<AnswerOptions settings={settings} onChange={(changed) => settingsStore.write(changed)} />}
        actions={canShare && <ShareButton question={values} onShare={onShare} />}
      />
    </div>
  );
}
