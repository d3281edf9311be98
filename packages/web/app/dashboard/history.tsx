import type { Promotion } from "../../server/dashboard/releases.ts";
import { Panel } from "../components/panel.tsx";
import { DataTable } from "./data-table.tsx";
import { DecideForm } from "./decide-form.tsx";
import { inDay, inPerson } from "./words.ts";

interface Props {
  /** The one in use first. */
  readonly promotions: readonly Promotion[];
  readonly seen: string;
}

/** Who promoted what, as far as one can roll back. */
export function History({ promotions, seen }: Props) {
  const previous = promotions[1];
  return (
    <Panel title="History" actions={previous && <DecideForm choice={{ intent: "rollback", to: previous.id, seen }} />}>
      <DataTable
        name="History"
        columns={["When", "Version", "Promoted by"]}
        rows={promotions.map(({ id, at, by }) => ({ name: inDay(at), values: [id, inPerson(by)] }))}
      />
    </Panel>
  );
}
