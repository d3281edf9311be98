import type { Progress } from "./download.ts";

/** Where a command writes; results to `out`, everything else to `err`. */
export interface Terminal {
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
  /** Draws over the current line of a terminal; absent where there is none to watch it. */
  readonly redraw?: ((text: string) => void) | undefined;
}

const REDRAW_MS = 100;

/** Shows a transfer's progress, ten times a second at most. */
export function progressOf({ redraw }: Terminal, what: string): ((progress: Progress) => void) | undefined {
  if (!redraw) return undefined;
  let drawnAt = -Infinity;
  return ({ bytesLoaded, bytesTotal }) => {
    const isDone = bytesLoaded === bytesTotal;
    if (!isDone && performance.now() - drawnAt < REDRAW_MS) return;
    drawnAt = performance.now();
    const percent = Math.floor((100 * bytesLoaded) / bytesTotal);
    redraw(`${what} ${percent} % of ${formatBytes(bytesTotal)}${isDone ? "\n" : ""}`);
  };
}

/** Columns as wide as their longest cell. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** As 12.3 MB, in powers of ten. */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB"] as const;
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power] ?? ""}`;
}

/** As 10 %, however little. */
export function formatShare(share: number): string {
  return `${(100 * share).toLocaleString("en", { maximumSignificantDigits: 3 })} %`;
}
