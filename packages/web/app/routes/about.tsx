import { data, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import type { ReactNode } from "react";
import { Architecture } from "../components/architecture.tsx";
import { FailureNotice } from "../components/failure-notice.tsx";
import { Labels, Metrics, ModelFacts } from "../components/model-card.tsx";
import { PageHeading } from "../components/page-heading.tsx";
import { ReportChart } from "../components/report-chart.tsx";
import { failureStatus } from "../failure.ts";
import { chartsOf, type Chart } from "../report.server.ts";
import { metricTables } from "../metric-tables.ts";
import { shownLabels } from "../shown-labels.ts";

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
  const { metrics, labels, thresholds, unlabelled_discount, ...model } = current.value;
  return data({
    ok: true as const,
    model,
    labels: shownLabels({ labels, thresholds }),
    lowersThresholds: unlabelled_discount > 0,
    tables: metricTables(metrics),
    charts: chartsOf(model),
  });
}

export default function About() {
  const card = useLoaderData<typeof loader>();
  return (
    <>
      <PageHeading title="About the model">{card.ok ? card.model.description : undefined}</PageHeading>
      {card.ok ? (
        <ModelCard card={card} />
      ) : (
        <div className="mt-8 max-w-2xl">
          <FailureNotice failure={card.failure} again="The model’s card comes from the service: load this page again" />
        </div>
      )}
      <HowItIsServed />
    </>
  );
}

type Card = Extract<ReturnType<typeof useLoaderData<typeof loader>>, { ok: true }>;

function ModelCard({ card }: { card: Card }) {
  return (
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
      {card.charts.length > 0 && (
        <Part title="Its training report, drawn">
          {card.charts.map((chart) => (
            <Figure key={chart.name} {...chart} />
          ))}
        </Part>
      )}
      <Part title={`The ${card.labels.count.toLocaleString("en")} tags that it knows`}>
        <p className="text-muted">
          A tag is suggested where the model is at least this sure of it
          {card.lowersThresholds && ", or somewhat less where it is sure of none"}.
        </p>
        <Labels {...card.labels} />
      </Part>
    </>
  );
}

function HowItIsServed() {
  return (
    <Part title="How it is served">
      <p className="max-w-3xl text-muted">
        Two services behind one load balancer. The model comes from S3 and is checked before it serves; a newer one
        takes its place between two questions.
      </p>
      <div
        role="region"
        aria-label="Architecture"
        tabIndex={0}
        className="overflow-x-auto rounded-panel border border-line bg-surface p-5"
      >
        <Architecture />
      </div>
    </Part>
  );
}

const captions: Readonly<Record<Chart["name"], string>> = {
  reliability:
    "How often the model is right where it is so sure: on the dashed line, confidence would be exactly that share.",
  labels:
    "How well each tag is told, by F1 on questions that the model had not seen; the fainter, the fewer there were.",
};

/** The list of all tags is as long as a page, so it opens on demand. */
function Figure(chart: Chart) {
  const caption = captions[chart.name];
  if (chart.name !== "labels") {
    return (
      <figure>
        <figcaption className="mb-3 max-w-3xl text-muted">{caption}</figcaption>
        <ReportChart {...chart} label="Reliability curve" />
      </figure>
    );
  }
  return (
    <details>
      <summary className="max-w-3xl cursor-pointer font-medium">F1 of every tag</summary>
      <p className="my-3 max-w-3xl text-muted">{caption}</p>
      <ReportChart {...chart} label="F1 by tag" />
    </details>
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
