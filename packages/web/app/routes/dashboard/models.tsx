import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import {
  useActionData,
  useLoaderData,
  useNavigation,
  type ClientActionFunctionArgs,
  type ShouldRevalidateFunction,
} from "@remix-run/react";
import { Notice } from "../../components/notice.tsx";
import { PageHeading } from "../../components/page-heading.tsx";
import { requireAdmin, unkept } from "../../dashboard/admin.server.ts";
import { DecisionOutcome } from "../../dashboard/decision-outcome.tsx";
import { takeDecision } from "../../dashboard/decision.server.ts";
import { History } from "../../dashboard/history.tsx";
import { InUse } from "../../dashboard/in-use.tsx";
import { OnTrial } from "../../dashboard/on-trial.tsx";
import { Published } from "../../dashboard/published.tsx";
import { orUnanswered, unlessUnanswered } from "../../unanswered.ts";

export const meta: MetaFunction = () => [{ title: "Models · Tagsmith" }, { name: "robots", content: "noindex" }];

export const headers = () => unkept;

/** After a refusal above all: what was refused was decided on what is no longer so. */
export const shouldRevalidate: ShouldRevalidateFunction = (change) =>
  unlessUnanswered({ ...change, defaultShouldRevalidate: true });

export async function loader(asked: LoaderFunctionArgs) {
  await requireAdmin(asked);
  const { releases, serving, agreement, figures } = asked.context.dashboard;
  const [state, served, judged] = await Promise.all([releases?.read(), serving(), agreement?.readVersions()]);
  const trial = state?.ok ? state.value.trial : undefined;
  const tried = trial && { trial, measured: await figures.readTrial(Date.parse(trial.at)) };
  return { state, serving: served, judged, tried };
}

export const action = takeDecision;

export const clientAction = ({ serverAction }: ClientActionFunctionArgs) => orUnanswered(serverAction);

export default function Models() {
  const { state, serving, judged, tried } = useLoaderData<typeof loader>();
  const came = useActionData<typeof action>();
  const isPending = useNavigation().formMethod === "POST";
  return (
    <>
      <PageHeading title="Models">
        A promoted model serves within seconds, without a restart. The one before it stays until then.
      </PageHeading>
      <div className="mt-8 grid grid-cols-1 gap-6" aria-busy={isPending}>
        <DecisionOutcome came={came} />
        {state === undefined && (
          <Notice kind="caution" title="No bucket is named">
            Set MODEL_BUCKET for this server to see and promote what is published there.
          </Notice>
        )}
        {state?.ok === false && (
          <Notice kind="caution" title="The models can’t be read">
            {state.failure.message}
          </Notice>
        )}
        <InUse serving={serving} promotion={state?.ok ? state.value.promotions[0] : undefined} />
        {state?.ok && tried && (
          <OnTrial key={tried.trial.at} {...tried} serving={serving} judged={judged} seen={state.value.seen} />
        )}
        {state?.ok && <Published versions={state.value.versions} seen={state.value.seen} />}
        {state?.ok && (
          <History promotions={state.value.promotions} previous={state.value.previous} seen={state.value.seen} />
        )}
      </div>
    </>
  );
}
