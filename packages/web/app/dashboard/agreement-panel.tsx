import type { JudgedDay } from "../../server/dashboard/agreement.ts";
import { Panel } from "../components/panel.tsx";
import { percent } from "../percent.ts";
import { DataTable } from "./data-table.tsx";
import { sum } from "./figures.ts";
import { inCount } from "./words.ts";

/** What people think of the tags. */
export function AgreementPanel({ judged }: { judged: readonly JudgedDay[] }) {
  const accepted = sum(judged.map((day) => day.accepted));
  const all = accepted + sum(judged.map((day) => day.rejected));
  return (
    <Panel title="Feedback agreement">
      {all === 0 ? (
        <p className="text-muted">Nobody has judged a tag in the last {judged.length} days.</p>
      ) : (
        <>
          <p>
            <strong>{percent(accepted / all)}</strong> of the {inCount(all)} {all === 1 ? "tag" : "tags"} that people
            judged in the last {judged.length} days fit.
          </p>
          <div className="mt-3">
            <DataTable
              name="Feedback agreement"
              columns={["Day (UTC)", "Fit", "Don’t fit", "Were missing", "Agreement"]}
              rows={[...judged].reverse().map((day) => ({
                name: day.date,
                values: [day.accepted, day.rejected, day.added, shareOf(day)],
              }))}
            />
          </div>
        </>
      )}
    </Panel>
  );
}

function shareOf({ accepted, rejected }: JudgedDay) {
  const all = accepted + rejected;
  if (all === 0) return "–";
  return (
    <span className="flex items-center gap-2">
      {percent(accepted / all)}
      <meter value={accepted} max={all} aria-label="Agreement" className="w-20 max-sm:hidden" />
    </span>
  );
}
