import { useDeviceStore } from "../device-store.ts";
import { useHydrated } from "../use-hydrated.ts";
import { defaultSettings, settingsStore, type Settings } from "./settings.ts";

/** The device's settings; before scripts run, those of the form that was sent. */
export function useSettings(sent: Settings | undefined): Settings {
  const kept = useDeviceStore(settingsStore);
  return useHydrated() ? kept : (sent ?? defaultSettings);
}
