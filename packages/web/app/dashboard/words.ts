/** Figures in words, the same on the server and in the browser: hence one language and one time zone. */
const language = "en-GB";

const numbers = new Intl.NumberFormat(language, { maximumSignificantDigits: 3 });
const counts = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
const clock = new Intl.DateTimeFormat(language, { timeZone: "UTC", hour: "2-digit", minute: "2-digit" });
const clockWithSeconds = new Intl.DateTimeFormat(language, { timeZone: "UTC", timeStyle: "medium" });
const day = new Intl.DateTimeFormat(language, { timeZone: "UTC", dateStyle: "medium", timeStyle: "short" });

export const inNumber = (value: number): string => numbers.format(value);
export const inCount = (value: number): string => counts.format(value);
export const inMs = (value: number): string => `${numbers.format(value)} ms`;
export const inClock = (at: number): string => clock.format(at);
export const inSecondsOfDay = (at: number): string => clockWithSeconds.format(at);
export const inDay = (iso: string): string => `${day.format(new Date(iso))} UTC`;
export const inBytes = (bytes: number): string =>
  bytes < 1e6 ? `${numbers.format(bytes / 1e3)} kB` : `${numbers.format(bytes / 1e6)} MB`;

/** Who promotes without saying a name. */
const unnamed: Readonly<Record<string, string>> = { seed: "a deployment", operator: "the command line" };
export const inPerson = (by: string): string => unnamed[by] ?? by;
