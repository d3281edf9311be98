import type { Explanation } from "../../server/inference.ts";
import { stretches, type WordEffect } from "../generator/highlights.ts";
import type { Reasons as ReasonsOfTag } from "../generator/use-reasons.ts";
import type { Question } from "../question.ts";
import { failureText, type FailureText } from "./failure-text.ts";

interface Props {
  readonly reasons: ReasonsOfTag;
  /** The version that gave the tag. */
  readonly answeredBy: Version;
}

type Version = Pick<Explanation["ml_model_metadata"], "name" | "version">;

/** Which words speak for a tag, and the question with them marked. */
export function Reasons({ reasons: { tag, question, result }, answeredBy }: Props) {
  return (
    <div role="region" aria-label={`Why ${tag}?`} className="mt-2 rounded-control border border-line p-4">
      {result === undefined && <p className="text-muted">Looking for the words…</p>}
      {result?.ok === false && <p role="alert">{missing(failureText(result.failure))}</p>}
      {result?.ok && (
        <>
          <OtherModel explainedBy={result.value.ml_model_metadata} answeredBy={answeredBy} />
          <Found explanation={result.value} question={question} />
        </>
      )}
    </div>
  );
}

const missing = ({ title, reason, when }: FailureText) => `${title}. ${when ? "Ask again in a moment." : reason}`;

/** After a promotion, or when the canary fails, another version explains the tag than the one that gave it. */
function OtherModel({ explainedBy, answeredBy }: { explainedBy: Version; answeredBy: Version }) {
  if (explainedBy.name === answeredBy.name && explainedBy.version === answeredBy.version) return null;
  return (
    <p className="mb-3 text-sm">
      {`Another model suggested the tag: these are the reasons of ${explainedBy.name} ${explainedBy.version}. Ask for both anew.`}
    </p>
  );
}

const listed = 6;

function Found({ explanation, question }: { explanation: Explanation; question: Question }) {
  const words = explanation.explanations[0]?.words ?? [];
  const speaking = words.filter(({ drop }) => drop >= smallestShown);
  const { total, explained } = explanation.words;
  return (
    <>
      {speaking.length > 0 ? (
        <>
          <p className="text-sm text-muted">Without the word, the model would be less sure by</p>
          <ul aria-label="Words that speak for it" className="mt-1.5 flex flex-wrap gap-x-4 gap-y-1">
            {speaking.slice(0, listed).map(({ text, drop }) => (
              <li key={text} className="min-w-0">
                <strong translate="no">{text}</strong> {points(drop)}
              </li>
            ))}
          </ul>
        </>
      ) : (
        <p>No single word decides it: without any one of them, the model would be as sure.</p>
      )}
      <div
        role="region"
        aria-label="The question, with these words marked"
        tabIndex={0}
        translate="no"
        className="mt-3 max-h-72 overflow-auto rounded-control bg-plate p-3 text-sm"
      >
        <p dir="auto" className="font-semibold">
          <Marked text={question.title} field="title" words={speaking} />
        </p>
        {question.body !== "" && (
          <p dir="auto" className="mt-2 font-mono whitespace-pre-wrap wrap-anywhere">
            <Marked text={question.body} field="body" words={speaking} />
          </p>
        )}
      </div>
      {explained < total && (
        <p className="mt-2 text-sm text-muted">
          The first {explained} of {total} different words were looked at.
        </p>
      )}
    </>
  );
}

/** Half a percentage point: less is shown as nothing. */
const smallestShown = 0.005;

function points(drop: number): string {
  const whole = Math.round(100 * drop);
  return `${whole} point${whole === 1 ? "" : "s"}`;
}

interface MarkedProps {
  readonly text: string;
  readonly field: "title" | "body";
  readonly words: readonly WordEffect[];
}

function Marked({ text, field, words }: MarkedProps) {
  const strongest = words[0]?.drop ?? 1;
  return stretches(text, field, words).map((stretch, index) =>
    stretch.drop === undefined ? (
      <span key={index}>{stretch.text}</span>
    ) : (
      <mark key={index} className={stretch.drop > strongest / 3 ? "bg-ember text-on-ember" : "bg-tint text-on-tint"}>
        {stretch.text}
      </mark>
    ),
  );
}
