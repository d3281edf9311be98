import fontUrl from "@fontsource-variable/schibsted-grotesk/files/schibsted-grotesk-latin-wght-normal.woff2?url";
import type { LinksFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import {
  isRouteErrorResponse,
  Links,
  Meta,
  Outlet,
  Scripts,
  ScrollRestoration,
  useLocation,
  useRouteError,
  useRouteLoaderData,
  type ShouldRevalidateFunction,
} from "@remix-run/react";
import { useContext, useEffect, type ReactNode } from "react";
import stylesheetUrl from "./app.css?url";
import { useChosenTheme } from "./chosen-theme.ts";
import { ErrorPage, errorTitle } from "./components/error-page.tsx";
import { Notice } from "./components/notice.tsx";
import { SiteFooter } from "./components/site-footer.tsx";
import { SiteHeader } from "./components/site-header.tsx";
import { focusHeading } from "./focus-heading.ts";
import { isNoAnswer } from "./no-answer.ts";
import { NonceContext } from "./nonce.ts";
import { readTheme } from "./theme.server.ts";
import type { Theme } from "./theme.ts";
import { useLeadOn } from "./use-lead-on.ts";
import { useOfflineStay } from "./use-offline-stay.ts";

export const links: LinksFunction = () => [
  { rel: "preload", href: fontUrl, as: "font", type: "font/woff2", crossOrigin: "anonymous" },
  { rel: "stylesheet", href: stylesheetUrl },
  { rel: "icon", href: "/favicon.svg", type: "image/svg+xml" },
];

/** Each page has its own; this is what an error page has. */
export const meta: MetaFunction = ({ error }) =>
  error ? [{ title: `${errorTitle(statusOf(error))} · Tagsmith` }] : [];

export const loader = async ({ request, context }: LoaderFunctionArgs) => ({
  theme: await readTheme(request),
  takesFeedback: context.feedback !== undefined,
});

/** The root's data are loaded once: no form sent by a script changes them. */
export const shouldRevalidate: ShouldRevalidateFunction = () => false;

export function Layout({ children }: { children: ReactNode }) {
  const nonce = useContext(NonceContext);
  const theme = useTheme();
  const { hasStayed, onClickCapture } = useOfflineStay();
  useFocusOnNewPage();
  useLeadOn();
  return (
    <html lang="en" data-theme={theme}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <ThemeColor theme={theme} />
        <Meta />
        <Links />
      </head>
      <body onClickCapture={onClickCapture} className="flex min-h-dvh flex-col">
        <SiteHeader theme={theme} />
        <main
          id="content"
          tabIndex={-1}
          className="mx-auto w-full max-w-6xl grow px-4 py-8 outline-none sm:px-6 sm:py-12"
        >
          {hasStayed && (
            <div className="sticky top-4 z-10 mb-8">
              <Notice kind="caution" title="There is no connection">
                <p>This page stays as it is. Follow the link once you are online again.</p>
              </Notice>
            </div>
          )}
          {children}
        </main>
        <SiteFooter />
        <ScrollRestoration nonce={nonce} />
        <Scripts nonce={nonce} />
      </body>
    </html>
  );
}

/** A choice shows at once, before the server has it. Without the root's data, as on its error page, the device decides. */
function useTheme(): Theme {
  const chosen = useChosenTheme();
  const kept = useRouteLoaderData<typeof loader>("root")?.theme ?? "system";
  return chosen ?? kept;
}

const paper = { light: "#f7f4ef", dark: "#151311" } as const;

/** What a phone's browser paints around the page. */
function ThemeColor({ theme }: { theme: Theme }) {
  if (theme !== "system") return <meta name="theme-color" content={paper[theme]} />;
  return (
    <>
      <meta name="theme-color" content={paper.light} media="(prefers-color-scheme: light)" />
      <meta name="theme-color" content={paper.dark} media="(prefers-color-scheme: dark)" />
    </>
  );
}

/** The address on the screen. Kept outside of React, since an error page replaces the whole tree and its state. */
let shown: string | undefined;

/** After a client-side navigation the heading is focused, so that a screen reader announces the page, as it does after a load. */
function useFocusOnNewPage(): void {
  const { pathname } = useLocation();
  useEffect(() => {
    if (shown !== undefined && shown !== pathname) focusHeading();
    shown = pathname;
  }, [pathname]);
}

export default function App() {
  return <Outlet />;
}

export function ErrorBoundary() {
  return <ErrorPage status={statusOf(useRouteError())} />;
}

function statusOf(error: unknown): number | undefined {
  if (isRouteErrorResponse(error)) return error.status;
  return isNoAnswer(error) ? undefined : 500;
}
