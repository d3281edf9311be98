import { redirect, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { Form, useActionData, useLoaderData, type ClientActionFunctionArgs } from "@remix-run/react";
import { Button, ButtonLink } from "../../components/button.tsx";
import { PageHeading } from "../../components/page-heading.tsx";
import { requireAdmin, unkept } from "../../dashboard/admin.server.ts";
import { DecisionFields } from "../../dashboard/decision-fields.tsx";
import { choices, takeDecision } from "../../dashboard/decision.server.ts";
import { DecisionOutcome } from "../../dashboard/decision-outcome.tsx";
import { questionOf } from "../../dashboard/question-of.ts";
import { orUnanswered } from "../../unanswered.ts";

export const meta: MetaFunction = () => [{ title: "Are you sure? · Tagsmith" }, { name: "robots", content: "noindex" }];

export const headers = () => unkept;

export async function loader(asked: LoaderFunctionArgs) {
  await requireAdmin(asked);
  const choice = choices.safeParse(Object.fromEntries(new URL(asked.request.url).searchParams));
  if (!choice.success) return redirect("/dashboard/models");
  return choice.data;
}

export const action = takeDecision;

export const clientAction = ({ serverAction }: ClientActionFunctionArgs) => orUnanswered(serverAction);

export { unlessUnanswered as shouldRevalidate } from "../../unanswered.ts";

/** The dialog of the models' page, for whoever has no scripts. */
export default function Confirm() {
  const choice = useLoaderData<typeof loader>();
  const { title, consequence, action: verb } = questionOf(choice);
  const came = useActionData<typeof action>();
  return (
    <>
      <PageHeading title={title}>{consequence}</PageHeading>
      <div className="mt-8 empty:hidden">
        <DecisionOutcome came={came} />
      </div>
      <Form method="post" className="mt-8 flex flex-wrap items-center gap-3">
        <DecisionFields choice={choice} />
        <Button type="submit" look="danger">
          {verb}
        </Button>
        <ButtonLink to="/dashboard/models">Cancel</ButtonLink>
      </Form>
    </>
  );
}
