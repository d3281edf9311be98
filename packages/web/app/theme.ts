export const themes = ["light", "dark", "system"] as const;

/** How the site looks; "system" follows the device. */
export type Theme = (typeof themes)[number];

export const isTheme = (value: unknown): value is Theme => themes.some((theme) => theme === value);
