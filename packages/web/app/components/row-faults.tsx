import type { RowFault } from "../bulk.ts";
import { grouped } from "../question.ts";

interface Props {
  readonly faults: readonly RowFault[];
  /** Of all of them, which may be more than are listed. */
  readonly count: number;
}

/** The rows that have no tags, with the reason for each. */
export function RowFaults({ faults, count }: Props) {
  return (
    <div role="region" aria-label="Rows without tags" tabIndex={0} className="max-h-96 overflow-auto">
      <table className="w-full text-left">
        <caption className="pb-2 text-left font-semibold">
          Rows without tags
          {count > faults.length && `: the first ${faults.length} of ${grouped(count)}, the result names all`}
        </caption>
        <thead className="text-sm text-muted">
          <tr className="border-b border-line">
            <Head>Row</Head>
            <Head>Field</Head>
            <Head>Reason</Head>
          </tr>
        </thead>
        <tbody>
          {faults.map(({ row, field, reason }) => (
            <tr key={row} className="border-line not-last:border-b">
              <th scope="row" className="py-2 pr-5 font-normal tabular-nums">
                {grouped(row)}
              </th>
              <td className="py-2 pr-5">{field ?? "the row"}</td>
              <td className="py-2">{reason}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Head({ children }: { children: string }) {
  return (
    <th scope="col" className="py-2 pr-5 font-normal">
      {children}
    </th>
  );
}
