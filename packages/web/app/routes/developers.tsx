import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { ButtonAnchor } from "../components/button.tsx";
import { PageHeading } from "../components/page-heading.tsx";
import { Panel } from "../components/panel.tsx";
import { SnippetTabs } from "../components/snippet-tabs.tsx";
import { snippets } from "../snippets.server.ts";

export const meta: MetaFunction = () => [
  { title: "API · Tagsmith" },
  { name: "description", content: "Ask Tagsmith’s model from a program: curl, TypeScript and Python examples." },
];

export function loader({ context: { apiUrl, origin } }: LoaderFunctionArgs) {
  return {
    reference: `${apiUrl}/api/v1/docs`,
    description: `${apiUrl}/api/v1/openapi.json`,
    snippets: snippets(apiUrl || origin()),
  };
}

const answers = [
  ["200", "The tags, best first, and the ten likeliest labels with their confidence."],
  ["422", "A field is missing or wrong: detail names each."],
  ["413", "The question is larger than 1 MiB."],
  ["429", "Too many questions at once: ask again after the seconds in Retry-After."],
  ["503", "No model serves yet: likewise."],
] as const;

export default function Developers() {
  const { reference, description, snippets: examples } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHeading title="Ask from a program">
        The model answers over HTTP with JSON, without a key. Each example is complete: it runs as it stands.
      </PageHeading>
      <section aria-label="Examples" className="mt-8">
        <SnippetTabs snippets={examples} />
      </section>
      <div className="mt-10 grid gap-6 lg:grid-cols-2">
        <Panel title="What comes back">
          <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-5 gap-y-2.5">
            {answers.map(([status, meaning]) => (
              <div key={status} className="col-span-2 grid grid-cols-subgrid">
                <dt className="font-mono font-semibold">{status}</dt>
                <dd>{meaning}</dd>
              </div>
            ))}
          </dl>
        </Panel>
        <Panel title="All of it">
          <p>
            Up to 256 questions in one request, the words that speak for each tag, and the model that serves: the
            reference lists every operation and lets you try it.
          </p>
          <div className="mt-5 flex flex-wrap gap-3">
            <ButtonAnchor href={reference}>Open the reference</ButtonAnchor>
            <ButtonAnchor href={description}>OpenAPI 3.1 document</ButtonAnchor>
          </div>
        </Panel>
      </div>
    </>
  );
}
