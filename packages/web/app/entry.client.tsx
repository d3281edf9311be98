import { RemixBrowser } from "@remix-run/react";
import { startTransition, StrictMode } from "react";
import { hydrateRoot } from "react-dom/client";

void pageData().then(() =>
  startTransition(() => {
    hydrateRoot(
      document,
      <StrictMode>
        <RemixBrowser />
      </StrictMode>,
    );
  }),
);

/**
 * Until Remix has decoded the page's data, `RemixBrowser` throws a promise, before its first hook. No boundary is above it, and
 * React 18 fails ("Root did not complete") where a key or a click makes it hydrate at once meanwhile. So the promise is waited for
 * before there is a root.
 */
async function pageData(): Promise<void> {
  try {
    RemixBrowser({});
  } catch (pending) {
    if (!(pending instanceof Promise)) throw pending;
    await pending;
  }
}
