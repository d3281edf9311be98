import { useId, type ReactNode } from "react";
import type { Scored, Selection } from "../generator/selection.ts";
import { percent } from "../percent.ts";
import { Tag } from "./tag.tsx";

interface Props {
  readonly selection: Selection;
  /** What can be done with a suggested tag, beside it. */
  readonly actionsOf: (tag: string) => ReactNode;
  /** What belongs below a suggested tag. */
  readonly detailOf: (tag: string) => ReactNode;
  /** What can be done with all of them, below the last. */
  readonly actions: ReactNode;
}

/** The tags to put under the question, told apart from those that the model only considered. */
export function Suggestions({ selection: { suggested, others, isCut }, actionsOf, detailOf, actions }: Props) {
  const id = useId();
  return (
    <>
      {suggested.length > 0 ? (
        <>
          <h2 id={id} className="text-xl font-bold tracking-tight">
            Suggested tags
          </h2>
          <ul aria-labelledby={id} className="mt-4 grid grid-cols-1 gap-4">
            {suggested.map((scored) => (
              <SuggestedTag key={scored.tag} scored={scored} actions={actionsOf(scored.tag)}>
                {detailOf(scored.tag)}
              </SuggestedTag>
            ))}
          </ul>
          {actions}
        </>
      ) : (
        <NotSure />
      )}
      {others.length > 0 && <Others hasSuggested={suggested.length > 0} isCut={isCut} tags={others} />}
    </>
  );
}

function NotSure() {
  return (
    <>
      <h2 className="text-xl font-bold tracking-tight">No tags: the model isn’t sure enough</h2>
      <p className="mt-2 text-pretty text-muted">
        A wrong tag is worse than none. Name the language or library, and add the code or the error message: that is
        what tags are told by.
      </p>
    </>
  );
}

interface OthersProps {
  readonly hasSuggested: boolean;
  readonly isCut: boolean;
  readonly tags: readonly Scored[];
}

function Others({ hasSuggested, isCut, tags }: OthersProps) {
  const id = useId();
  return (
    <div className="mt-6 border-t border-line pt-5">
      <h3 id={id} className="font-semibold">
        {hasSuggested ? "Less likely" : "Best guesses"}
      </h3>
      <p className="mt-0.5 text-sm text-muted">
        {isCut
          ? "Each is less likely than those above: not sure enough, or one too many."
          : "The model is less sure of each than it has to be before it is suggested."}
      </p>
      <ul aria-labelledby={id} className="mt-3 grid gap-2">
        {tags.map((scored) => (
          <OtherTag key={scored.tag} {...scored} />
        ))}
      </ul>
    </div>
  );
}

interface SuggestedProps {
  readonly scored: Scored;
  readonly actions: ReactNode;
  readonly children: ReactNode;
}

function SuggestedTag({ scored: { tag, confidence }, actions, children }: SuggestedProps) {
  return (
    <li>
      <div className="flex flex-wrap items-center gap-x-1 gap-y-1">
        <span className="mr-auto min-w-0">
          <Tag name={tag} look="suggested" />
        </span>{" "}
        <span className="order-last w-full sm:order-none sm:w-auto">{actions}</span>
        <span className="min-w-14 text-right font-semibold tabular-nums">{percent(confidence)}</span>
      </div>
      <Bar share={confidence} className="mt-1.5 h-2 fill-ember" />
      {children}
    </li>
  );
}

function OtherTag({ tag, confidence }: Scored) {
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_2rem_3rem] items-center gap-x-2 sm:grid-cols-[minmax(0,1fr)_4.5rem_3rem] sm:gap-x-3">
      <span>
        <Tag name={tag} look="plain" />
      </span>{" "}
      <Bar share={confidence} className="h-1 fill-iron" />
      <span className="text-right text-sm text-muted tabular-nums">{percent(confidence)}</span>
    </li>
  );
}

/** Drawn with attributes: the content security policy forbids a style of one's own. The figure beside it says the same. */
function Bar({ share, className }: { share: number; className: string }) {
  return (
    <svg className={`block w-full rounded-full bg-line ${className}`} aria-hidden="true">
      <rect width={`${(100 * share).toFixed(1)}%`} height="100%" />
    </svg>
  );
}
