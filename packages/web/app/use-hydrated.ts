import { useSyncExternalStore } from "react";

const never = () => () => undefined;

/** Whether scripts run on the page; false on the server and until the page is interactive. */
export const useHydrated = (): boolean =>
  useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
