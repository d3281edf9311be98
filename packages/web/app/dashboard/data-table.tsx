import type { ReactNode } from "react";

export interface Row {
  readonly name: string;
  /** Where two may have the same name. */
  readonly key?: string;
  readonly values: readonly ReactNode[];
}

interface Props {
  readonly name: string;
  /** The first is that of the rows' names. */
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

/** A table that scrolls inside itself where it is wider or longer than its place. */
export function DataTable({ name, columns, rows }: Props) {
  return (
    <div role="region" aria-label={`${name}, as a table`} tabIndex={0} className="max-h-96 overflow-auto">
      <table className="w-full text-left text-sm">
        <thead className="text-muted">
          <tr className="border-b border-line">
            {columns.map((column, index) => (
              <th
                key={column}
                scope="col"
                className={`py-2 font-normal sm:whitespace-nowrap ${index > 0 ? "pl-2 sm:pl-4" : ""}`}
              >
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key ?? row.name} className="border-line not-last:border-b">
              <th scope="row" className="py-2 font-normal">
                {row.name}
              </th>
              {row.values.map((value, index) => (
                <td key={columns[index + 1]} className="py-2 pl-2 sm:pl-4">
                  {value}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
