import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { PageHeading } from "../components/page-heading.tsx";

export const meta: MetaFunction = () => [
  { title: "API · Tagsmith" },
  { name: "description", content: "Ask Tagsmith’s model from a program of your own." },
];

export const loader = ({ context }: LoaderFunctionArgs) => ({
  reference: `${context.apiUrl}/api/v1/docs`,
  description: `${context.apiUrl}/api/v1/openapi.json`,
});

export default function Developers() {
  const { reference, description } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHeading title="Ask from a program">The model answers over plain HTTP with JSON, without a key.</PageHeading>
      <p className="mt-8">
        <a href={reference} className="font-semibold text-ember underline underline-offset-4 hover:text-ember-deep">
          Every operation, to be tried out
        </a>
        , made from the{" "}
        <a href={description} className="underline underline-offset-4">
          OpenAPI description
        </a>
        .
      </p>
    </>
  );
}
