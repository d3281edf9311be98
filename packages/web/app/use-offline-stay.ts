import { useEffect, useState, type MouseEvent } from "react";

/**
 * Without a connection a link would put a page of the browser's own in this one's place, and all that is on it would go: what it
 * leads to has scripts of its own, and Remix loads the page anew where they don't come. So the page stays.
 */
export function useOfflineStay() {
  const [hasStayed, setStayed] = useState(false);
  useEffect(() => {
    const onOnline = () => setStayed(false);
    window.addEventListener("online", onOnline);
    return () => window.removeEventListener("online", onOnline);
  }, []);
  const onClickCapture = (event: MouseEvent) => {
    const link = event.target instanceof Element && event.target.closest("a");
    if (navigator.onLine || !link || !leadsToPage(link)) return;
    event.preventDefault();
    setStayed(true);
  };
  return { hasStayed, onClickCapture };
}

/** To another page of this site; not within this one, nor to a file that the browser has. */
const leadsToPage = ({ origin, pathname, search, download }: HTMLAnchorElement) =>
  origin === location.origin && download === "" && pathname + search !== location.pathname + location.search;
