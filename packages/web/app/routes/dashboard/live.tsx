import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import type { FiguresResult } from "../../../server/dashboard/source.ts";
import { PageHeading } from "../../components/page-heading.tsx";
import { requireAdmin, unkept } from "../../dashboard/admin.server.ts";
import { Charts } from "../../dashboard/charts.tsx";
import { Headline } from "../../dashboard/headline.tsx";
import { NoFigures } from "../../dashboard/no-figures.tsx";
import { usePolled } from "../../dashboard/use-polled.ts";
import { inSecondsOfDay } from "../../dashboard/words.ts";

export const headers = () => unkept;

export async function loader(asked: LoaderFunctionArgs) {
  await requireAdmin(asked);
  return asked.context.dashboard.figures.read();
}

const askAgainMs = 3_000;

export default function Live() {
  const initial = useLoaderData<typeof loader>();
  const { value, isStale } = usePolled<FiguresResult>("/dashboard/figures", {
    initial,
    everyMs: (result) => (result.ok ? result.figures.refreshMs : askAgainMs),
  });
  return (
    <>
      <PageHeading title="Live">
        {value.ok &&
          (value.figures.origin === "cloudwatch"
            ? "What CloudWatch knows of all tasks, a minute or two after it happened."
            : "What the service says of itself, as it happens.")}
      </PageHeading>
      {value.ok ? (
        <>
          <p className="mt-2 text-sm text-muted">
            {isStale ? "This server can’t be reached: these figures are from " : "As of "}
            <time dateTime={new Date(value.figures.at).toISOString()}>{inSecondsOfDay(value.figures.at)}</time> UTC.
          </p>
          <div className="mt-6 grid gap-6">
            <Headline figures={value.figures} />
            <Charts figures={value.figures} />
          </div>
        </>
      ) : (
        <NoFigures reason={value.reason} />
      )}
    </>
  );
}
