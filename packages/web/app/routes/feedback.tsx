import { data, type ActionFunctionArgs, type MetaFunction } from "@remix-run/node";
import { useActionData } from "@remix-run/react";
import { ButtonLink } from "../components/button.tsx";
import { FeedbackForm } from "../components/feedback-form.tsx";
import { PageHeading } from "../components/page-heading.tsx";
import { takeFeedback } from "../feedback.server.ts";

export const meta: MetaFunction = () => [
  { title: "Feedback · Tagsmith" },
  { name: "description", content: "What you think of suggested tags makes the next model better." },
];

/** Takes what the form below the tags says. Without scripts, this page is its answer. */
export async function action(asked: ActionFunctionArgs) {
  const { values, outcome, init } = await takeFeedback(asked);
  return data({ values, outcome }, init);
}

export default function Feedback() {
  const { values, outcome } = useActionData<typeof action>() ?? {};
  return (
    <>
      <PageHeading title="Feedback">What you think of suggested tags makes the next model better.</PageHeading>
      <div className="mt-8 grid max-w-2xl gap-8">
        {values ? (
          <FeedbackForm values={values} outcome={outcome} />
        ) : (
          <p>It is asked for below the tags that a question gets.</p>
        )}
        <ButtonLink to="/" className="justify-self-start">
          To the tag generator
        </ButtonLink>
      </div>
    </>
  );
}
