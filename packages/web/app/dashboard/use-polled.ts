import { useNavigation } from "@remix-run/react";
import { useEffect, useState } from "react";

interface Polled<T> {
  readonly value: T;
  /** Whether the last try to get a newer one failed. */
  readonly isStale: boolean;
}

interface Options<T> {
  /** What the page came with. */
  readonly initial: T;
  readonly everyMs: (value: T) => number;
}

/** How soon to try again when nothing came. */
const retryMs = 2_000;

/**
 * What a resource route says, asked again and again while somebody can see it and isn't leaving. Goes on through failures;
 * when the session has ended, the page is loaded anew, which leads to the sign-in.
 */
export function usePolled<T>(url: string, { initial, everyMs }: Options<T>): Polled<T> {
  const [polled, setPolled] = useState<Polled<T>>({ value: initial, isStale: false });
  const waitMs = polled.isStale ? retryMs : everyMs(polled.value);
  const isStaying = useNavigation().state === "idle";

  useEffect(() => {
    if (!isStaying) return;
    const leaving = new AbortController();
    const { signal } = leaving;
    const ask = async () => {
      if (document.hidden) return;
      const answer = await fetch(url, { signal, headers: { accept: "application/json" } }).catch(() => undefined);
      if (signal.aborted) return;
      if (answer?.status === 401) window.location.reload();
      else if (answer?.ok) setPolled({ value: (await answer.json()) as T, isStale: false });
      else setPolled(({ value }) => ({ value, isStale: true }));
    };
    const timer = setInterval(() => void ask(), waitMs);
    const onVisible = () => void ask();
    document.addEventListener("visibilitychange", onVisible);
    return () => {
      leaving.abort();
      clearInterval(timer);
      document.removeEventListener("visibilitychange", onVisible);
    };
  }, [url, waitMs, isStaying]);

  return polled;
}
