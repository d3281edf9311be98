import { useId, useRef, type ReactNode } from "react";
import { useKeptFocus } from "../use-kept-focus.ts";

interface Props {
  readonly title: ReactNode;
  readonly children: ReactNode;
  /** What can be done with the whole of it, at the title's right. */
  readonly actions?: ReactNode;
}

/** A framed part of a page, named by its title, which takes the focus when a focused button inside goes. */
export function Panel({ title, actions, children }: Props) {
  const id = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  return (
    <section
      aria-labelledby={id}
      {...useKeptFocus(heading)}
      className="min-w-0 break-inside-avoid rounded-panel border border-line bg-surface p-5 sm:p-6"
    >
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <h2 id={id} ref={heading} tabIndex={-1} className="min-w-0 text-xl font-bold tracking-tight">
          {title}
        </h2>
        {actions}
      </div>
      <div className="mt-4">{children}</div>
    </section>
  );
}
