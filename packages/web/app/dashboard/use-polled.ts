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
/** The server gives up on whom it asks before this. */
const deadlineMs = 15_000;

/**
 * What a resource route says, asked again some time after each answer while somebody can see it and isn't leaving. Goes on
 * through failures; when the session has ended, the page is loaded anew, which leads to the sign-in.
 */
export function usePolled<T>(url: string, { initial, everyMs }: Options<T>): Polled<T> {
  const [polled, setPolled] = useState<Polled<T>>({ value: initial, isStale: false });
  const waitMs = polled.isStale ? retryMs : everyMs(polled.value);
  const isStaying = useNavigation().state === "idle";

  useEffect(() => {
    if (!isStaying) return;
    const leaving = new AbortController();
    const ask = async () => {
      if (document.hidden) return;
      stop();
      const came = await read(url, leaving.signal);
      if (leaving.signal.aborted) return;
      if (came === "signed out") window.location.reload();
      else setPolled(({ value }) => (came ? { value: came.value as T, isStale: false } : { value, isStale: true }));
    };
    const timer = setTimeout(() => void ask(), waitMs);
    const onVisible = () => void ask();
    const stop = () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", onVisible);
    };
    document.addEventListener("visibilitychange", onVisible);
    return () => {
      leaving.abort();
      stop();
    };
  }, [url, polled, waitMs, isStaying]);

  return polled;
}

/** Undefined where nothing comes, or what is no answer of this site's. */
async function read(url: string, signal: AbortSignal): Promise<{ readonly value: unknown } | "signed out" | undefined> {
  try {
    const patience = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]);
    const answer = await fetch(url, { signal: patience, headers: { accept: "application/json" } });
    if (answer.status === 401) return "signed out";
    return answer.ok ? { value: await answer.json() } : undefined;
  } catch {
    return undefined;
  }
}
