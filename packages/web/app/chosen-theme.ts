import { useSyncExternalStore } from "react";
import type { Theme } from "./theme.ts";

let chosen: Theme | undefined;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** What was chosen since the page was loaded; undefined where nothing was. */
export const useChosenTheme = (): Theme | undefined =>
  useSyncExternalStore(
    subscribe,
    () => chosen,
    () => undefined,
  );

/** Shows the theme at once, and has the server keep it. Where that can't be reached, the choice lasts as long as the page. */
export async function chooseTheme(theme: Theme): Promise<void> {
  chosen = theme;
  for (const listener of listeners) listener();
  await fetch("/theme", { method: "POST", body: new URLSearchParams({ theme }) }).catch(() => undefined);
}
