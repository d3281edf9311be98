import { DeviceStore } from "../device-store.ts";

export interface Settings {
  /** How sure the model must be of a tag, from 0 to 1; "model" leaves that to the model, which asks each tag for its own. */
  readonly threshold: number | "model";
  /** How many tags are suggested at most. */
  readonly most: number;
}

/** Stack Overflow takes five tags a question. */
export const defaultSettings: Settings = { threshold: "model", most: 5 };

export const settingLimits = { leastPercent: 5, mostPercent: 95, stepPercent: 5, tags: 10 } as const;

/** Settings as a device kept them; whatever is wrong with them is replaced by the default. */
function parseSettings(value: unknown): Settings {
  const { threshold, most } = typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  return {
    threshold: isWithin(threshold, 0, 1) ? threshold : defaultSettings.threshold,
    most: isWithin(most, 1, settingLimits.tags) ? Math.round(most) : defaultSettings.most,
  };
}

/** The same from the fields of a form. */
export function settingsOfForm(form: FormData): Settings {
  const threshold = form.get("threshold") === "mine" ? Number(form.get("least")) / 100 : undefined;
  return parseSettings({ threshold, most: Number(form.get("most")) });
}

const isWithin = (value: unknown, least: number, most: number): value is number =>
  typeof value === "number" && value >= least && value <= most;

/** What this device was last set to. */
export const settingsStore = new DeviceStore("settings", parseSettings);
