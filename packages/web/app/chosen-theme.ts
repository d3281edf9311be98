import { useSyncExternalStore } from "react";
import { isTheme, type Theme } from "./theme.ts";

/** By what is kept under it, a tab tells the others; a page is rendered by the cookie alone. */
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
  await fetch("/theme", { method: "POST", body: new URLSearchParams({ theme }) }).catch(() => undefined);
}
