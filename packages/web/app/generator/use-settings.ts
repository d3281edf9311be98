import { useEffect, type RefObject } from "react";
import { useDeviceStore } from "../device-store.ts";
import { useHydrated } from "../use-hydrated.ts";
import { defaultSettings, settingsOfForm, settingsStore, type Settings } from "./settings.ts";

/** The device's settings, which take up what was chosen in the form before scripts ran; until then, those of the form that was sent. */
export function useSettings(form: RefObject<HTMLFormElement>, sent: Settings | undefined): Settings {
  const kept = useDeviceStore(settingsStore);
  useEffect(() => {
    if (!form.current) return;
    const { threshold, most } = settingsOfForm(new FormData(form.current));
    if (threshold !== defaultSettings.threshold) settingsStore.write({ ...settingsStore.read(), threshold });
    if (most !== defaultSettings.most) settingsStore.write({ ...settingsStore.read(), most });
  }, [form]);
  return useHydrated() ? kept : (sent ?? defaultSettings);
}
