import type { Prediction } from "../../server/inference.ts";
import { tagsOf, type Selection } from "../generator/selection.ts";
import { forAskForm, inBrackets } from "../generator/tag-text.ts";
import { useCopy } from "../generator/use-copy.ts";
import { useReasons, type Reasons as ReasonsOfTag } from "../generator/use-reasons.ts";
import type { Question } from "../question.ts";
import { useHydrated } from "../use-hydrated.ts";
import { Button } from "./button.tsx";
import { Feedback } from "./feedback.tsx";
import { questionFormId } from "./question-form.tsx";
import { Reasons } from "./reasons.tsx";
import { Suggestions } from "./suggestions.tsx";

interface Props {
  readonly question: Question;
  readonly prediction: Prediction;
  readonly selection: Selection;
  /** Reasons that the server has rendered. */
  readonly reasons: ReasonsOfTag | undefined;
  /** Called when tags are taken away: the question is then worth remembering. */
  readonly onCopy: () => void;
}

/** The model's answer: the tags, why each, and how to take them along. */
export function Answer({ question, prediction, selection, reasons: start, onCopy }: Props) {
  const { reasons, show, hide } = useReasons(question, start);
  const { copy, message } = useCopy();
  const isHydrated = useHydrated();
  const tags = tagsOf(selection);
  const { name, version } = prediction.ml_model_metadata;

  const take = (text: string) => {
    void copy(text);
    onCopy();
  };
  const actionsOf = (tag: string) => (
    <span className="-ml-2 flex sm:ml-0 print:hidden">
      <WhyButton tag={tag} isOpen={reasons?.tag === tag} onOpen={() => show(tag)} onClose={hide} />
      {isHydrated && (
        <Button look="quiet" aria-label={`Copy ${tag}`} onClick={() => take(tag)}>
          Copy
        </Button>
      )}
    </span>
  );
  const detailOf = (tag: string) =>
    reasons?.tag === tag && <Reasons reasons={reasons} answeredBy={prediction.ml_model_metadata} />;
  const copyAll = isHydrated && (
    <div className="mt-5 flex flex-wrap items-center gap-2 print:hidden">
      <Button onClick={() => take(forAskForm(tags))}>Copy all</Button>
      <Button onClick={() => take(inBrackets(tags))}>Copy all as [tags]</Button>
      <p role="status" className="min-h-6 text-sm">
        {message}
      </p>
    </div>
  );
  return (
    <div className="break-inside-avoid rounded-panel border border-line bg-surface p-5 sm:p-6">
      <Suggestions selection={selection} actionsOf={actionsOf} detailOf={detailOf} actions={copyAll} />
      <p className="mt-6 text-sm text-muted">
        Answered by {name} {version}
      </p>
      <Feedback question={question} model={{ name, version }} tags={tags} />
    </div>
  );
}

interface WhyProps {
  readonly tag: string;
  readonly isOpen: boolean;
  readonly onOpen: () => void;
  readonly onClose: () => void;
}

/** Without scripts it submits the form, and the page comes back with the reasons. */
function WhyButton({ tag, isOpen, onOpen, onClose }: WhyProps) {
  return (
    <Button
      type="submit"
      form={questionFormId}
      name="explain"
      value={tag}
      look="quiet"
      aria-label={`Why ${tag}?`}
      aria-expanded={isOpen}
      onClick={(event) => {
        event.preventDefault();
        if (isOpen) onClose();
        else onOpen();
      }}
    >
      Why?
    </Button>
  );
}
