import { RemixBrowser } from "@remix-run/react";
import { startTransition, StrictMode, useEffect, type ReactNode } from "react";
import { hydrateRoot } from "react-dom/client";
import { keepEarlyInput } from "./early-input.ts";

void pageData().then(() => {
  const putBack = keepEarlyInput();
  startTransition(() => {
    hydrateRoot(
      document,
      <StrictMode>
        <Living onStart={putBack}>
          <RemixBrowser />
        </Living>
      </StrictMode>,
    );
  });
});

interface LivingProps {
  /** Called once all on the page is heard of, and what that changes is on it. */
  readonly onStart: () => void;
  readonly children: ReactNode;
}

function Living({ onStart, children }: LivingProps) {
  useEffect(() => queueMicrotask(onStart), [onStart]);
  return children;
}

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
