import { useEffect } from "react";

/** Of the Navigation API, which TypeScript doesn't know. */
interface NavigateEvent extends Event {
  readonly navigationType: string;
  readonly userInitiated: boolean;
}

/**
 * After a deploy, the pages' scripts have new names. When a link's page can't load its old script, Remix reloads the current
 * page, and the link seems to do nothing: this loads the link's page instead. The target comes from Remix's router, since
 * React may not know it yet. Browsers without the Navigation API keep Remix's behaviour.
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
