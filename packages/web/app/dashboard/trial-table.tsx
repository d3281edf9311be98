import type { JudgedVersions } from "../../server/dashboard/agreement.ts";
import { percent } from "../percent.ts";
import { DataTable } from "./data-table.tsx";
import type { TrialFigures, VersionFigures } from "./trial.ts";
import { inCount, inMs } from "./words.ts";

interface Props {
  readonly figures: TrialFigures;
  readonly judged: JudgedVersions | undefined;
  /** As NAME@VERSION. */
  readonly versions: { readonly current: string; readonly candidate: string };
}

const unknown = "–";

/** What both versions did, side by side. */
export function TrialTable({ figures: { current, candidate }, judged, versions }: Props) {
  const row = (name: string, cell: (version: VersionFigures) => string) => ({
    name,
    values: [cell(current), cell(candidate)],
  });
  const agreed = (id: string) => {
    const { accepted = 0, rejected = 0 } = judged?.[id] ?? {};
    const all = accepted + rejected;
    return all === 0 ? unknown : `${percent(accepted / all)} of ${inCount(all)}`;
  };
  return (
    <DataTable
      name="Trial"
      columns={["Figure", "In use", "On trial"]}
      rows={[
        row("Requests answered", ({ answered }) => inCount(answered)),
        row("Failed", ({ failed }) => inCount(failed)),
        row("Left to the other: too much to do", ({ busy }) => inCount(busy)),
        row("A question, half of them at most", ({ p50 }) => (p50 === undefined ? unknown : inMs(p50))),
        row("A question, 95 % of them at most", ({ p95 }) => (p95 === undefined ? unknown : inMs(p95))),
        row("First guess no more than half sure", ({ unsure }) => (unsure === undefined ? unknown : percent(unsure))),
        { name: "People agreed, last 7 days", values: [agreed(versions.current), agreed(versions.candidate)] },
      ]}
    />
  );
}
