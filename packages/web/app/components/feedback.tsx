import { useRouteLoaderData } from "@remix-run/react";
import type { FeedbackValues } from "../feedback.ts";
import type { loader as rootLoader } from "../root.tsx";
import { FeedbackForm } from "./feedback-form.tsx";

/** Asks what the visitor thinks of the suggested tags, where there is a place to keep it. */
export function Feedback({ question, model, tags }: Pick<FeedbackValues, "question" | "model" | "tags">) {
  const takesFeedback = useRouteLoaderData<typeof rootLoader>("root")?.takesFeedback ?? false;
  if (!takesFeedback) return null;
  const values = { question, model, tags, ratings: {}, added: "", keepsText: false };
  return (
    <details className="mt-5 border-t border-line pt-4 print:hidden">
      <summary className="cursor-pointer font-semibold">Are these tags right?</summary>
      <div className="mt-4">
        {/* A new answer gets a new form: what was said of the previous one doesn't apply to it. */}
        <FeedbackForm key={JSON.stringify([question, model, tags])} values={values} />
      </div>
    </details>
  );
}
