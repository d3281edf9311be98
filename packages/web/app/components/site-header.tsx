import { Link, NavLink } from "@remix-run/react";
import { navigation } from "../navigation.ts";
import type { Theme } from "../theme.ts";
import { ThemeSwitch } from "./theme-switch.tsx";

/** On a narrow screen the pages have a line of their own. */
export function SiteHeader({ theme }: { theme: Theme }) {
  return (
    <header className="border-b border-line bg-surface print:hidden">
      <a
        href="#content"
        className="absolute -top-20 left-4 z-10 rounded-control bg-ember px-4 py-2 font-semibold text-on-ember focus:top-3"
      >
        Skip to the content
      </a>
      <div className="mx-auto flex max-w-6xl flex-wrap items-center gap-x-6 gap-y-2 px-4 py-3 sm:px-6">
        <Link to="/" className="mr-auto flex items-center gap-2 text-lg font-bold tracking-tight">
          <Mark />
          Tagsmith
        </Link>
        <nav aria-label="Main" className="order-last -mx-1.5 w-full md:order-none md:mx-0 md:w-auto">
          <ul className="flex flex-wrap text-sm md:text-base">
            {navigation.map(({ to, label }) => (
              <li key={to}>
                <NavLink
                  to={to}
                  end={to === "/"}
                  className="block rounded-control px-1.5 py-1.5 text-muted hover:text-ink aria-[current=page]:font-semibold aria-[current=page]:text-ink md:px-3"
                >
                  {label}
                </NavLink>
              </li>
            ))}
          </ul>
        </nav>
        <ThemeSwitch theme={theme} />
      </div>
    </header>
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
