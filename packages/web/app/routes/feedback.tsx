import { data, type ActionFunctionArgs, type MetaFunction } from "@remix-run/node";
import { useActionData } from "@remix-run/react";
import { ButtonLink } from "../components/button.tsx";
import { FeedbackForm } from "../components/feedback-form.tsx";
import { PageHeading } from "../components/page-heading.tsx";
import { feedbackStatus, type FeedbackOutcome } from "../feedback.ts";
import { readFeedback, type SubmittedFeedback } from "../feedback.server.ts";

export const meta: MetaFunction = () => [{ title: "Feedback · Tagsmith" }];

/** Takes what the form below the tags says. Without scripts, this page is its answer. */
export async function action({ request, context: { feedback, clientAddress } }: ActionFunctionArgs) {
  const { values, given } = await readFeedback(request);
  const take = async (): Promise<FeedbackOutcome> => {
    if ("reason" in given) return { kind: "invalid", reason: given.reason };
    return (await feedback?.take(given, clientAddress)) ?? { kind: "failed" };
  };
  const outcome = await take();
  const headers = outcome.kind === "limited" ? { "Retry-After": String(outcome.retryAfterSeconds) } : {};
  return data({ values, outcome } satisfies Answer, { status: feedbackStatus[outcome.kind], headers });
}

interface Answer {
  readonly values: SubmittedFeedback["values"];
  readonly outcome: FeedbackOutcome;
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
