import { useNavigation } from "@remix-run/react";
import { useEffect } from "react";

/** Of the Navigation API, which TypeScript doesn't know. */
interface NavigateEvent extends Event {
  readonly navigationType: string;
  readonly userInitiated: boolean;
}

/**
 * After a deploy, the scripts of the pages have other names. Where those of the page that a link leads to don't come, Remix loads the
 * one on the screen anew, and the link seems to do nothing: then the link's own page is loaded. A browser without that API does as
 * Remix says.
 */
export function useLeadOn(): void {
  const { location: next } = useNavigation();
  useEffect(() => {
    if (!next || !("navigation" in window)) return;
    const navigation = window.navigation as EventTarget;
    const leadOn = (event: Event) => {
      const { navigationType, userInitiated } = event as NavigateEvent;
      if (navigationType !== "reload" || userInitiated) return;
      event.preventDefault();
      queueMicrotask(() => location.assign(next.pathname + next.search + next.hash));
    };
    navigation.addEventListener("navigate", leadOn);
    return () => navigation.removeEventListener("navigate", leadOn);
  }, [next]);
}
