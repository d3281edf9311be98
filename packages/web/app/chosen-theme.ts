import { useSyncExternalStore } from "react";
import { isTheme, type Theme } from "./theme.ts";

/** Only for telling other tabs of a choice: pages are rendered by the cookie. */
const key = "theme";

let chosen: Theme | undefined;
const listeners = new Set<() => void>();

function show(theme: Theme): void {
  chosen = theme;
  for (const listener of listeners) listener();
}

function hear({ key: changed, newValue }: StorageEvent): void {
  if (changed === key && isTheme(newValue)) show(newValue);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("storage", hear);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", hear);
  };
}

/** What was chosen since the page was loaded; undefined where nothing was. */
export const useChosenTheme = (): Theme | undefined =>
  useSyncExternalStore(
    subscribe,
    () => chosen,
    () => undefined,
  );

/** Shows the theme at once, here and in other tabs, and has the server keep it. Where that can't be reached, the choice lasts as long as the page. */
export async function chooseTheme(theme: Theme): Promise<void> {
  show(theme);
  try {
    localStorage.setItem(key, theme);
  } catch {
    // Without leave to store, the other tabs hear of it when they are loaded.
  }
  await keepLatest();
}

const deadlineMs = 10_000;

let isKeeping = false;

/** One request at a time, the latest choice last: of two at once the server may answer the earlier one last, and keep that. */
async function keepLatest(): Promise<void> {
  if (isKeeping) return;
  isKeeping = true;
  for (let sent: Theme | undefined; chosen !== undefined && chosen !== sent;) {
    sent = chosen;
    const signal = AbortSignal.timeout(deadlineMs);
    await fetch("/theme", { method: "POST", body: new URLSearchParams({ theme: sent }), signal }).catch(
      () => undefined,
    );
  }
  isKeeping = false;
}
