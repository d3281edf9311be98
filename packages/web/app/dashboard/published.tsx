import type { PublishedVersion } from "../../server/dashboard/releases.ts";
import { Panel } from "../components/panel.tsx";
import { DataTable } from "./data-table.tsx";
import { DecideForm } from "./decide-form.tsx";
import { inDay, inMegabytes } from "./words.ts";

interface Props {
  readonly versions: readonly PublishedVersion[];
  /** Marks the state that a decision here is made on. */
  readonly seen: string;
}

/** What can be promoted. */
export function Published({ versions, seen }: Props) {
  return (
    <Panel title="Published versions">
      {versions.length === 0 ? (
        <p className="text-muted">None yet: npm run model -- publish puts one here.</p>
      ) : (
        <DataTable
          name="Published versions"
          columns={["Version", "Size", "Published", "Use"]}
          rows={versions.map(({ id, name, version, bytes, publishedAt, isCurrent }) => ({
            name: id,
            values: [
              inMegabytes(bytes),
              inDay(publishedAt),
              isCurrent ? "In use" : <DecideForm choice={{ intent: "promote", name, version, seen }} />,
            ],
          }))}
        />
      )}
    </Panel>
  );
}
