import { data, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import type { ReactNode } from "react";
import { FailureNotice } from "../components/failure-notice.tsx";
import { Labels, Metrics, ModelFacts } from "../components/model-card.tsx";
import { PageHeading } from "../components/page-heading.tsx";
import { failureStatus } from "../failure.ts";
import { metricTables } from "../metric-tables.ts";

export const meta: MetaFunction = () => [
  { title: "About the model · Tagsmith" },
  {
    name: "description",
    content: "What Tagsmith’s model was trained on, how well it does, and the tags that it knows.",
  },
];

export async function loader({ request, context }: LoaderFunctionArgs) {
  const current = await context.inference.currentModel(request.signal);
  if (!current.ok) return data(current, { status: failureStatus[current.failure.kind] });
  const { metrics, ...model } = current.value;
  return data({ ok: true as const, model, tables: metricTables(metrics) });
}

export default function About() {
  const card = useLoaderData<typeof loader>();
  return (
    <>
      <PageHeading title="About the model">{card.ok ? card.model.description : undefined}</PageHeading>
      {card.ok ? (
        <>
          <Part title="Model card">
            <ModelFacts model={card.model} />
          </Part>
          {card.tables.length > 0 && (
            <Part title="How well it does">
              {card.tables.map((table) => (
                <Metrics key={`${table.name} ${table.columns.join()}`} {...table} />
              ))}
            </Part>
          )}
          <Part title={`The ${card.model.labels.length} tags that it knows`}>
            <p className="text-muted">A tag is suggested where the model is at least this sure of it.</p>
            <Labels labels={card.model.labels} thresholds={card.model.thresholds} />
          </Part>
        </>
      ) : (
        <div className="mt-8 max-w-2xl">
          <FailureNotice failure={card.failure} again="The model’s card comes from the service: load this page again" />
        </div>
      )}
    </>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="mt-10 grid grid-cols-1 gap-4">
      <h2 className="text-xl font-bold tracking-tight">{title}</h2>
      {children}
    </section>
  );
}
