import type { CurrentModel } from "../../server/inference.ts";
import type { MetricTable } from "../metric-tables.ts";
import { percent } from "../percent.ts";
import type { ShownLabels } from "../shown-labels.ts";
import { Tag } from "./tag.tsx";

type Facts = Omit<CurrentModel, "metrics" | "labels" | "thresholds" | "unlabelled_discount">;

const reads = {
  features: "Words of title, body and code",
  text: "Title and body as plain text",
  tokens: "Title and body, by its own tokenizer",
  floats: "Rows of numbers, no questions",
} as const satisfies Record<CurrentModel["input_kind"], string>;

/** What the model is and where it comes from. */
export function ModelFacts({ model }: { model: Facts }) {
  const facts = [
    ["Name", model.name],
    ["Version", model.version],
    ["Dated", model.created_at.slice(0, 10)],
    ["Training data", model.training_data],
    ["Licence", model.licence],
    ["Reads", reads[model.input_kind]],
  ] as const;
  return (
    <dl className="grid grid-cols-1 gap-x-8 rounded-panel border border-line bg-surface px-5 py-2 sm:grid-cols-[auto_minmax(0,1fr)]">
      {facts.map(([name, value]) => (
        <Fact key={name} name={name}>
          {value || "Not given"}
        </Fact>
      ))}
      <Fact name="SHA-256 of its manifest">
        <code className="text-sm break-all">{model.manifest_sha256}</code>
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div className="border-line py-3 not-last:border-b sm:col-span-2 sm:grid sm:grid-cols-subgrid">
      <dt className="text-muted">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** A table that scrolls inside itself where a screen is narrow. */
export function Metrics({ name, columns, rows }: MetricTable) {
  return (
    <div
      role="region"
      aria-label={name}
      tabIndex={0}
      className="overflow-x-auto rounded-panel border border-line bg-surface"
    >
      <table className="w-full text-left">
        <caption className="px-5 pt-4 pb-2 text-left font-semibold">{name}</caption>
        <thead className="text-sm text-muted">
          <tr className="border-b border-line">
            <td />
            {columns.map((column) => (
              <th key={column} scope="col" className="px-5 py-2 text-right font-normal whitespace-nowrap print:px-2">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name} className="border-line not-last:border-b">
              <th scope="row" className="px-5 py-2.5 font-normal print:px-2">
                {row.name}
              </th>
              {row.values.map((value, index) => (
                <td key={columns[index]} className="px-5 py-2.5 text-right print:px-2">
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

/** The tags that the model knows, with how sure it must be of each. */
export function Labels({ shown, count }: ShownLabels) {
  return (
    <>
      <ul aria-label="Labels" className="flex flex-wrap gap-x-6 gap-y-2.5">
        {shown.map(({ label, threshold }) => (
          <li key={label} className="flex max-w-full items-center gap-2">
            <Tag name={label} look="plain" />{" "}
            <span className="text-sm whitespace-nowrap text-muted">{percent(threshold)}</span>
          </li>
        ))}
      </ul>
      {count > shown.length && (
        <p className="text-muted">
          These are the first {shown.length.toLocaleString("en")} of {count.toLocaleString("en")}. The API’s
          model.current tells all of them.
        </p>
      )}
    </>
  );
}
