import type { Promotion } from "../../server/dashboard/releases.ts";
import { Panel } from "../components/panel.tsx";
import { DataTable } from "./data-table.tsx";
import { DecideForm } from "./decide-form.tsx";
import { inDay, inPerson } from "./words.ts";

interface Props {
  /** The one in use first. */
  readonly promotions: readonly Promotion[];
  /** The version that a rollback goes back to. */
  readonly previous?: string | undefined;
  readonly seen: string;
}

/** Who promoted what, as far as one can roll back. */
export function History({ promotions, previous, seen }: Props) {
  return (
    <Panel title="History" actions={previous && <DecideForm choice={{ intent: "rollback", to: previous, seen }} />}>
      <DataTable
        name="History"
        columns={["When", "Version", "Promoted by"]}
        rows={promotions.map(({ id, at, by }) => ({ name: inDay(at), key: at, values: [id, inPerson(by)] }))}
      />
    </Panel>
  );
}
