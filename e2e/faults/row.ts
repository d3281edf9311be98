import type { Accounts } from "./load.ts";
import type { Lab } from "./site.ts";

/** A fault, and what must hold under it: `run` rejects when it doesn't. */
export interface Row {
  readonly fault: string;
  readonly run: (lab: Lab) => Promise<Figures>;
  /** Then it may run beside others. */
  readonly mostlyWaits?: true;
}

export interface Figures extends Accounts {
  /** From the fault's end until all was as before; absent where nothing was ever missing. */
  readonly backMs?: number;
  readonly seen: string;
}

/** The rows as Markdown. */
export function table(rows: readonly { readonly fault: string; readonly figures: Figures }[]): string {
  const head = ["Fault", "Tried", "Answered", "Refused", "Failed", "Lost", "Back after", "What was seen"];
  const body = rows.map(({ fault, figures: { tried, answered, refused, failed, lost, backMs, seen } }) => {
    const counts = [tried, answered, refused, failed, lost].map((count) => count.toLocaleString("en"));
    return [fault, ...counts, backMs === undefined ? "never away" : `${(backMs / 1_000).toFixed(1)} s`, seen];
  });
  const widths = head.map((name, column) => Math.max(...[name, ...body.map((row) => row[column] ?? "")].map((cell) => cell.length))); // prettier-ignore
  const line = (cells: readonly string[]) => `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(" | ")} |`;
  return [line(head), `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...body.map(line)].join("\n");
}
