import type { PublishedVersion } from "../../server/dashboard/releases.ts";
import { Panel } from "../components/panel.tsx";
import { DataTable } from "./data-table.tsx";
import { DecideForm } from "./decide-form.tsx";
import { inBytes, inDay } from "./words.ts";

interface Props {
  readonly versions: readonly PublishedVersion[];
  /** Marks the state that a decision here is made on. */
  readonly seen: string;
}

/** What can be promoted. A phone shows a row's beginning. */
export function Published({ versions, seen }: Props) {
  return (
    <Panel title="Published versions">
      {versions.length === 0 ? (
        <p className="text-muted">None yet: npm run model -- publish puts one here.</p>
      ) : (
        <DataTable
          name="Published versions"
          columns={["Version", "Use", "Size", "Published"]}
          rows={versions.map(({ id, name, version, bytes, publishedAt, isCurrent }) => ({
            name: id,
            values: [
              isCurrent ? "In use" : <DecideForm choice={{ intent: "promote", name, version, seen }} />,
              inBytes(bytes),
              inDay(publishedAt),
            ],
          }))}
        />
      )}
    </Panel>
  );
}
