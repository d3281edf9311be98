import { useLocation } from "@remix-run/react";
import type { FormEvent, ReactNode } from "react";
import { chooseTheme } from "../chosen-theme.ts";
import { isTheme, type Theme } from "../theme.ts";
import { useHydrated } from "../use-hydrated.ts";

interface Choice {
  readonly theme: Theme;
  readonly label: string;
  readonly icon: ReactNode;
}

const sun = (
  <>
    <circle cx="10" cy="10" r="3.5" />
    <path d="M10 2v1.5M10 16.5V18M2 10h1.5M16.5 10H18M4.3 4.3l1.1 1.1M14.6 14.6l1.1 1.1M4.3 15.7l1.1-1.1M14.6 5.4l1.1-1.1" />
  </>
);
const moon = <path d="M16.5 12.3A7 7 0 0 1 7.7 3.5a7 7 0 1 0 8.8 8.8Z" />;
const screen = <path d="M3 4h14v9.5H3zM7 17h6M10 13.5V17" />;

const choices: readonly Choice[] = [
  { theme: "light", label: "Light theme", icon: sun },
  { theme: "dark", label: "Dark theme", icon: moon },
  { theme: "system", label: "The device’s theme", icon: screen },
];

/** A form of three buttons, so it works without JavaScript; with it, the page stays as it is. */
export function ThemeSwitch({ theme }: { theme: Theme }) {
  const { pathname, search } = useLocation();
  // The address that the question's form is sent to; its page has another.
  const page = search === "?index" ? pathname : pathname + search;
  const isHydrated = useHydrated();
  const choose = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const { submitter } = event.nativeEvent as SubmitEvent;
    const theme = submitter?.getAttribute("value");
    if (isTheme(theme)) void chooseTheme(theme);
  };
  return (
    <form method="post" action="/theme" onSubmit={choose} className="print:hidden">
      {!isHydrated && <input type="hidden" name="page" value={page} />}
      <div role="group" aria-label="Theme" className="flex rounded-control border border-line p-0.5">
        {choices.map(({ theme: offered, label, icon }) => (
          <button
            key={offered}
            type="submit"
            name="theme"
            value={offered}
            aria-label={label}
            aria-pressed={theme === offered}
            title={label}
            className="rounded-[0.375rem] p-1.5 text-muted hover:text-ink aria-pressed:bg-plate aria-pressed:text-ink"
          >
            <svg viewBox="0 0 20 20" className="size-4 fill-none stroke-current stroke-[1.6]" aria-hidden="true">
              {icon}
            </svg>
          </button>
        ))}
      </div>
    </form>
  );
}
