import type { ReactNode } from "react";
import { Panel } from "../components/panel.tsx";
import { DataTable, type Row } from "./data-table.tsx";
import { seriesLooks } from "./series-looks.ts";

interface Props {
  readonly title: string;
  /** The names of the series, where there are several. */
  readonly legend: readonly string[];
  /** What stands for a series. */
  readonly mark: "line" | "bar";
  /** The picture. */
  readonly children: ReactNode;
  /** What the picture means, in words. */
  readonly note?: ReactNode;
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

/** A picture with its title, its legend, and the same figures as a table. */
export function Figure({ title, legend, mark, children, note, columns, rows }: Props) {
  return (
    <Panel title={title}>
      {legend.length > 1 && (
        <ul className="mb-3 flex flex-wrap gap-x-5 gap-y-1 text-sm">
          {legend.map((name, series) => (
            <li key={name} className="flex items-center gap-2">
              <Key mark={mark} series={series} />
              {name}
            </li>
          ))}
        </ul>
      )}
      {children}
      {note !== undefined && <p className="mt-3 text-sm text-muted">{note}</p>}
      <details className="mt-3">
        <summary className="cursor-pointer text-sm text-muted hover:text-ink">The same as a table</summary>
        <div className="mt-2">
          <DataTable name={title} columns={columns} rows={rows} />
        </div>
      </details>
    </Panel>
  );
}

function Key({ mark, series }: Pick<Props, "mark"> & { series: number }) {
  const look = seriesLooks[series];
  return (
    <svg viewBox="0 0 20 10" className="h-2.5 w-5 shrink-0" aria-hidden="true">
      {mark === "line" ? (
        <line x1="0" x2="20" y1="5" y2="5" strokeWidth="3" className={look?.line ?? ""} />
      ) : (
        <rect x="4" width="12" height="10" className={look?.bar ?? ""} />
      )}
    </svg>
  );
}
