import { randomUUID } from "node:crypto";
import { data, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { useActionData, useLoaderData, type ShouldRevalidateFunction } from "@remix-run/react";
import type { Inference } from "../../server/inference.ts";
import { PageHeading } from "../components/page-heading.tsx";
import { Workspace, type Submitted } from "../components/workspace.tsx";
import { examples } from "../examples.server.ts";
import { failureStatus } from "../failure.ts";
import type { Reasons } from "../generator/use-reasons.ts";
import type { Question } from "../question.ts";
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
  return { exampleKey: randomUUID(), example: examples[number - 1], titles: examples.map(({ title }) => title) };
}

/** Only a click on an example brings another one, even if it is the same. */
export const shouldRevalidate: ShouldRevalidateFunction = ({ formMethod }) => formMethod === undefined;

/** The way of the form without scripts. With them, it goes by /suggest and /explain and the page stays. */
export async function action({ request, context: { inference } }: ActionFunctionArgs) {
  const { question, fields } = await readSubmission(request);
  const answer = question.ok ? await inference.predict(question.value, request.signal) : question;
  const tag = fields?.explain;
  const reasons =
    tag !== undefined && question.ok && answer.ok
      ? await explain(inference, { ...question.value, tag }, request.signal)
      : undefined;
  const submitted: Submitted = { answer, reasons, values: fields?.values, settings: fields?.settings };
  return data(submitted, { status: answer.ok ? 200 : failureStatus[answer.failure.kind] });
}

async function explain(inference: Inference, asked: Question & { tag: string }, signal: AbortSignal): Promise<Reasons> {
  const { tag, ...question } = asked;
  return { question, tag, result: await inference.explain(asked, signal) };
}

export default function Generator() {
  const { exampleKey, example, titles } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHeading title="Which tags fit your question?">
        Paste a programming question. The model suggests its tags, and says how sure it is of each.
      </PageHeading>
      <Workspace exampleKey={exampleKey} example={example} titles={titles} submitted={useActionData<typeof action>()} />
    </>
  );
}
