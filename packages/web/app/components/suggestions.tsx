import { useId } from "react";
import type { Prediction } from "../../server/inference.ts";
import { percent } from "../percent.ts";
import { Tag } from "./tag.tsx";

type Scored = Prediction["predictions"][number];

/** The model's answer: the tags it stands behind, told apart from those it only considered. */
export function Suggestions({ prediction }: { prediction: Prediction }) {
  const tags = new Set(prediction.tags);
  const suggested = prediction.predictions.filter(({ tag }) => tags.has(tag));
  const others = prediction.predictions.filter(({ tag }) => !tags.has(tag));
  const { name, version } = prediction.ml_model_metadata;
  return (
    <>
      {suggested.length > 0 ? <Suggested tags={suggested} /> : <NotSure />}
      {others.length > 0 && <Others name={suggested.length > 0 ? "Less likely" : "Best guesses"} tags={others} />}
      <p className="mt-8 text-sm text-muted">
        Answered by {name} {version}
      </p>
    </>
  );
}

function Suggested({ tags }: { tags: readonly Scored[] }) {
  const id = useId();
  return (
    <>
      <h2 id={id} className="text-xl font-bold tracking-tight">
        Suggested tags
      </h2>
      <ul aria-labelledby={id} className="mt-4 grid gap-4">
        {tags.map((scored) => (
          <SuggestedTag key={scored.tag} {...scored} />
        ))}
      </ul>
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

function Others({ name, tags }: { name: string; tags: readonly Scored[] }) {
  const id = useId();
  return (
    <div className="mt-6 border-t border-line pt-5">
      <h3 id={id} className="font-semibold">
        {name}
      </h3>
      <p className="mt-0.5 text-sm text-muted">Each is below what the model asks for before it suggests that tag.</p>
      <ul aria-labelledby={id} className="mt-3 grid gap-2">
        {tags.map((scored) => (
          <OtherTag key={scored.tag} {...scored} />
        ))}
      </ul>
    </div>
  );
}

function SuggestedTag({ tag, confidence }: Scored) {
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1.5">
      <span>
        <Tag name={tag} look="suggested" />
      </span>{" "}
      <span className="font-semibold">{percent(confidence)}</span>
      <Bar share={confidence} className="col-span-2 h-2 fill-ember" />
    </li>
  );
}

function OtherTag({ tag, confidence }: Scored) {
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_4.5rem_3rem] items-center gap-x-3">
      <span>
        <Tag name={tag} look="plain" />
      </span>{" "}
      <Bar share={confidence} className="h-1 fill-iron" />
      <span className="text-right text-sm text-muted">{percent(confidence)}</span>
    </li>
  );
}

/** Drawn with attributes: the content security policy forbids a style of one's own. The figure beside it says the same. */
function Bar({ share, className }: { share: number; className: string }) {
  return (
    <svg className={`w-full rounded-full bg-line ${className}`} aria-hidden="true">
      <rect width={`${(100 * share).toFixed(1)}%`} height="100%" />
    </svg>
  );
}
