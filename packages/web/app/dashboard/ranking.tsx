import { Panel } from "../components/panel.tsx";
import type { Count } from "./figures.ts";
import { inCount } from "./words.ts";

interface Props {
  readonly title: string;
  /** What is counted, as a column's head. */
  readonly of: string;
  /** The greatest first. */
  readonly counts: readonly Count[];
  readonly none: string;
}

const shown = 15;

/** Counts as a table whose bars show them, too. */
export function Ranking({ title, of, counts, none }: Props) {
  const greatest = counts[0]?.count ?? 1;
  return (
    <Panel title={title}>
      {counts.length === 0 ? (
        <p className="text-muted">{none}</p>
      ) : (
        <table className="w-full text-left text-sm">
          <thead className="text-muted">
            <tr>
              <th scope="col" className="py-1 font-normal">
                {of}
              </th>
              <th scope="col" className="py-1 pl-4 text-right font-normal">
                Count
              </th>
              <td className="w-1/4 sm:w-1/2" />
            </tr>
          </thead>
          <tbody>
            {counts.slice(0, shown).map(({ name, count }) => (
              <tr key={name}>
                <th scope="row" className="py-1 font-mono font-normal wrap-anywhere">
                  {name}
                </th>
                <td className="py-1 pl-4 text-right">{inCount(count)}</td>
                <td className="py-1 pl-4" aria-hidden="true">
                  <svg className="block h-3 w-full">
                    <rect height="12" width={`${(count / greatest) * 100}%`} rx="2" className="fill-series-1" />
                  </svg>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {counts.length > shown && <p className="mt-2 text-sm text-muted">And {inCount(counts.length - shown)} more.</p>}
    </Panel>
  );
}
