import { Link } from "@remix-run/react";
import { PageHeading } from "./page-heading.tsx";

interface View {
  readonly title: string;
  readonly advice: string;
}

const unknown: View = {
  title: "Something broke on our side",
  advice: "It has been noted. Try again in a moment.",
};

const notHere: View = {
  title: "The page did not come",
  advice: "The connection broke, or this site is just starting again. Try again in a moment.",
};

const views: Readonly<Record<number, View>> = {
  400: { title: "This request makes no sense here", advice: "Go back and try it another way." },
  404: { title: "There is no such page", advice: "The address may be mistyped, or the page has moved." },
  405: { title: "This page takes no such request", advice: "Go back and try it another way." },
  413: { title: "That is more than this page reads", advice: "Go back, and send less of it." },
};

const viewOf = (status: number | undefined): View => (status === undefined ? notHere : (views[status] ?? unknown));

export const errorTitle = (status: number | undefined): string => viewOf(status).title;

/** What a visitor sees instead of a page, by HTTP status; without one where this site gave no answer. */
export function ErrorPage({ status }: { status: number | undefined }) {
  const { title, advice } = viewOf(status);
  return (
    <>
      {status !== undefined && <p className="mb-2 font-mono text-sm text-ember">Error {status}</p>}
      <PageHeading title={title}>{advice}</PageHeading>
      <p className="mt-8">
        <Link to="/" className="font-semibold text-ember underline underline-offset-4 hover:text-ember-deep">
          To the tag generator
        </Link>
      </p>
    </>
  );
}
