import { Link, NavLink } from "@remix-run/react";

const navClass =
  "rounded-control px-2.5 py-1.5 text-muted hover:text-ink aria-[current=page]:font-semibold aria-[current=page]:text-ink sm:px-3";

/** `apiDocsUrl` is another server's page, so it is a plain link; absent where the root's data could not be read. */
export function SiteHeader({ apiDocsUrl }: { apiDocsUrl: string | undefined }) {
  return (
    <header className="border-b border-line bg-surface">
      <a
        href="#content"
        className="absolute -top-20 left-4 z-10 rounded-control bg-ember px-4 py-2 font-semibold text-on-ember focus:top-3"
      >
        Skip to the content
      </a>
      <div className="mx-auto flex max-w-6xl flex-wrap items-center justify-between gap-x-6 gap-y-1 px-4 py-3 sm:px-6">
        <Link to="/" className="flex items-center gap-2 text-lg font-bold tracking-tight">
          <Mark />
          Tagsmith
        </Link>
        <nav aria-label="Main" className="-mx-2.5 flex text-sm sm:text-base">
          <NavLink to="/" end className={navClass}>
            Tag generator
          </NavLink>
          <NavLink to="/about" className={navClass}>
            About
          </NavLink>
          {apiDocsUrl && (
            <a href={apiDocsUrl} className={navClass}>
              API
            </a>
          )}
        </nav>
      </div>
    </header>
  );
}

export function SiteFooter() {
  return (
    <footer className="border-t border-line">
      <p className="mx-auto max-w-6xl px-4 py-6 text-sm text-muted sm:px-6">
        Your question is read by the model and then forgotten: it is neither stored nor logged.
      </p>
    </footer>
  );
}

/** A tag with its hole, struck by a spark. */
function Mark() {
  return (
    <svg viewBox="0 0 32 32" className="size-7 fill-ember" aria-hidden="true">
      <path
        fillRule="evenodd"
        d="M11.5 6H27a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3H11.5a3 3 0 0 1-2.3-1.1L3 17.3a2 2 0 0 1 0-2.6l6.2-7.6A3 3 0 0 1 11.5 6Zm-.5 7.6a2.4 2.4 0 1 0 0 4.8 2.4 2.4 0 0 0 0-4.8Z"
      />
      <path className="fill-surface" d="M21.5 9.5l1.5 5 5 1.5-5 1.5-1.5 5-1.5-5-5-1.5 5-1.5z" />
    </svg>
  );
}
