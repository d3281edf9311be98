import { useId } from "react";
import type { Prediction } from "../../server/inference.ts";

type Scored = Prediction["predictions"][number];

/** The model's answer: the tags it stands behind, told apart from those it only considered. */
export function Suggestions({ prediction }: { prediction: Prediction }) {
  const tags = new Set(prediction.tags);
  const suggested = prediction.predictions.filter(({ tag }) => tags.has(tag));
  const others = prediction.predictions.filter(({ tag }) => !tags.has(tag));
  if (suggested.length === 0) return <NotSure guesses={others} />;
  return (
    <>
      <TagList name="Suggested tags" tags={suggested} suggested />
      {others.length > 0 && (
        <div className="mt-8 border-t border-line pt-6">
          <TagList name="Less likely" note="Considered, but below what each tag asks for." tags={others} />
        </div>
      )}
      <ModelLine {...prediction.ml_model_metadata} />
    </>
  );
}

function NotSure({ guesses }: { guesses: readonly Scored[] }) {
  return (
    <>
      <h2 className="text-xl font-bold tracking-tight">No tags: the model isn’t sure enough</h2>
      <p className="mt-2 text-muted">
        A wrong tag is worse than none. Name the language or library, and add the code or the error message: that is
        what tags are told by.
      </p>
      <div className="mt-6 border-t border-line pt-6">
        <TagList name="Best guesses" note="None of these reaches what its tag asks for." tags={guesses} />
      </div>
    </>
  );
}

interface TagListProps {
  readonly name: string;
  readonly note?: string;
  readonly tags: readonly Scored[];
  readonly suggested?: boolean;
}

function TagList({ name, note, tags, suggested = false }: TagListProps) {
  const id = useId();
  return (
    <>
      <h2 id={id} className={suggested ? "text-xl font-bold tracking-tight" : "font-semibold"}>
        {name}
      </h2>
      {note && <p className="mt-0.5 text-sm text-muted">{note}</p>}
      <ul aria-labelledby={id} className={suggested ? "mt-4 grid gap-4" : "mt-3 grid gap-2.5"}>
        {tags.map((scored) => (
          <TagItem key={scored.tag} {...scored} suggested={suggested} />
        ))}
      </ul>
    </>
  );
}

function TagItem({ tag, confidence, suggested }: Scored & { suggested: boolean }) {
  const look = suggested
    ? { tag: "bg-tint font-semibold text-on-tint", figure: "font-semibold", bar: "fill-ember", height: 8 }
    : { tag: "bg-sunken text-sm text-muted", figure: "text-sm text-muted", bar: "fill-iron", height: 4 };
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1.5">
      <span>
        <span className={`tag-shape ${look.tag}`}>{tag}</span>
      </span>
      <span className={`tabular-nums ${look.figure}`}>{percent(confidence)}</span>
      <Bar share={confidence} height={look.height} className={look.bar} />
    </li>
  );
}

/** Drawn with attributes: the content security policy forbids a style of one's own. The figure beside it says the same. */
function Bar({ share, height, className }: { share: number; height: number; className: string }) {
  return (
    <svg className="col-span-2" width="100%" height={height} aria-hidden="true">
      <rect className="fill-line" width="100%" height={height} rx={height / 2} />
      <rect className={className} width={`${(100 * share).toFixed(1)}%`} height={height} rx={height / 2} />
    </svg>
  );
}

function ModelLine({ name, version }: { name: string; version: string }) {
  return (
    <p className="mt-8 text-sm text-muted">
      Answered by {name} {version}.
    </p>
  );
}

/** Whole percents; nothing is ever quite certain or quite impossible. */
function percent(share: number): string {
  if (share > 0 && share < 0.01) return "< 1 %";
  if (share < 1 && share > 0.99) return "> 99 %";
  return `${Math.round(100 * share)} %`;
}
