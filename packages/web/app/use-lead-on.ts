import { useEffect } from "react";

/** Of the Navigation API, which TypeScript doesn't know. */
interface NavigateEvent extends Event {
  readonly navigationType: string;
  readonly userInitiated: boolean;
}

/**
 * After a deploy, the scripts of the pages have other names. Where those of the page that a link leads to don't come, Remix loads the
 * one on the screen anew, and the link seems to do nothing: then the link's own page is loaded. A browser without that API does as
 * Remix says. Where the link leads is asked of Remix's router: React hears of it later, and the scripts may be missing by then.
 */
export function useLeadOn(): void {
  useEffect(() => {
    if (!("navigation" in window)) return;
    const navigation = window.navigation as EventTarget;
    const leadOn = (event: Event) => {
      const { navigationType, userInitiated } = event as NavigateEvent;
      const next = window.__remixRouter.state.navigation.location;
      if (!next || navigationType !== "reload" || userInitiated) return;
      event.preventDefault();
      queueMicrotask(() => location.assign(next.pathname + next.search + next.hash));
    };
    navigation.addEventListener("navigate", leadOn);
    return () => navigation.removeEventListener("navigate", leadOn);
  }, []);
}
