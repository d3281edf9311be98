import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { PageHeading } from "../../components/page-heading.tsx";
import { requireAdmin, unkept } from "../../dashboard/admin.server.ts";
import { AgreementPanel } from "../../dashboard/agreement-panel.tsx";
import { Charts } from "../../dashboard/charts.tsx";
import { Headline } from "../../dashboard/headline.tsx";
import { readLive, type Live as LiveData } from "../../dashboard/live.server.ts";
import { NoFigures } from "../../dashboard/no-figures.tsx";
import { usePolled } from "../../dashboard/use-polled.ts";
import { inSecondsOfDay } from "../../dashboard/words.ts";

export const headers = () => unkept;

export async function loader(asked: LoaderFunctionArgs) {
  await requireAdmin(asked);
  return readLive(asked.context);
}

const askAgainMs = 3_000;

export default function Live() {
  const initial = useLoaderData<typeof loader>();
  const polled = usePolled<LiveData>("/dashboard/figures", {
    initial,
    everyMs: ({ result }) => (result.ok ? result.figures.refreshMs : askAgainMs),
  });
  const { result, judged } = polled.value;
  return (
    <>
      <PageHeading title="Live">
        {result.ok &&
          (result.figures.origin === "cloudwatch"
            ? "What CloudWatch knows of all tasks, a minute or two after it happened."
            : "What the service says of itself, as it happens.")}
      </PageHeading>
      {result.ok ? (
        <>
          <p className="mt-2 text-sm text-muted">
            {polled.isStale ? "This server can’t be reached: these figures are from " : "As of "}
            <time dateTime={new Date(result.figures.at).toISOString()}>{inSecondsOfDay(result.figures.at)}</time> UTC.
          </p>
          <div className="mt-6 grid gap-6">
            <Headline figures={result.figures} />
            <Charts figures={result.figures} />
          </div>
        </>
      ) : (
        <NoFigures reason={result.reason} />
      )}
      {judged && (
        <div className="mt-6">
          <AgreementPanel judged={judged} />
        </div>
      )}
    </>
  );
}
