import type { ReactNode } from "react";

/** What a page is, and in a sentence what it is for. */
export function PageHeading({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <>
      <h1 tabIndex={-1} className="text-3xl outline-none font-bold tracking-tight sm:text-[2.75rem] sm:leading-tight">
        {title}
      </h1>
      {children !== undefined && <p className="mt-3 max-w-3xl text-lg text-pretty text-muted">{children}</p>}
    </>
  );
}
