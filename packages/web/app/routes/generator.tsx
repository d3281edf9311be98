import { randomUUID } from "node:crypto";
import { data, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { useActionData, useLoaderData, useNavigation, type ShouldRevalidateFunction } from "@remix-run/react";
import { Answer } from "../components/answer.tsx";
import { Examples } from "../components/examples.tsx";
import { PageHeading } from "../components/page-heading.tsx";
import { QuestionForm } from "../components/question-form.tsx";
import { examples } from "../examples.server.ts";
import { failureStatus, type FieldErrors } from "../failure.ts";
import { readSubmission } from "../question.server.ts";

export const meta: MetaFunction = () => [
  { title: "Tagsmith: tags for programming questions" },
  {
    name: "description",
    content: "Paste a programming question and get the tags that fit it, each with how sure the model is.",
  },
];

export function loader({ request }: LoaderFunctionArgs) {
  const number = Number(new URL(request.url).searchParams.get("example"));
  return { formKey: randomUUID(), example: examples[number - 1], titles: examples.map(({ title }) => title) };
}

/** An answer leaves the form as it is; every click on an example fills it anew, even a second click on the same. */
export const shouldRevalidate: ShouldRevalidateFunction = ({ formMethod }) => formMethod === undefined;

export async function action({ request, context }: ActionFunctionArgs) {
  const { values, question } = await readSubmission(request);
  const answer = question.ok ? await context.inference.predict(question.value, request.signal) : question;
  return data({ values, answer }, { status: answer.ok ? 200 : failureStatus[answer.failure.kind] });
}

const answerId = "answer";
const noErrors: FieldErrors = {};

export default function Generator() {
  const { formKey, example, titles } = useLoaderData<typeof loader>();
  const { values, answer } = useActionData<typeof action>() ?? {};
  const isPending = useNavigation().state === "submitting";
  const errors = answer?.ok === false && answer.failure.kind === "invalid" ? answer.failure.fields : noErrors;

  const isAnswered = answer !== undefined && errors === noErrors;

  return (
    <>
      <PageHeading title="Which tags fit your question?">
        Paste a programming question. The model suggests its tags, and says how sure it is of each.
      </PageHeading>
      <div className="mt-8 grid gap-8 lg:grid-cols-[minmax(0,7fr)_minmax(0,5fr)] lg:grid-rows-[auto_1fr] lg:gap-x-12">
        <QuestionForm
          key={formKey}
          values={values ?? example ?? { title: "", body: "" }}
          errors={errors}
          isPending={isPending}
          answerId={answerId}
        />
        {isAnswered && <Answer id={answerId} answer={answer} isPending={isPending} />}
        <Examples titles={titles} />
      </div>
    </>
  );
}
