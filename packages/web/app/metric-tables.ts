export interface MetricTable {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly { readonly name: string; readonly values: readonly string[] }[];
}

type Figure = number | string;

interface Group {
  readonly path: readonly string[];
  readonly figures: ReadonlyMap<string, Figure>;
}

/**
 * A manifest's metrics, which are free in form, as tables: each object is a row of the figures that it holds, and
 * objects that hold the same ones share a table. An object that is alone of its kind lies on its side.
 */
export function metricTables(metrics: Readonly<Record<string, unknown>>): readonly MetricTable[] {
  const byColumns = new Map<string, [Group, ...Group[]]>();
  for (const group of groupsOf(metrics, [])) {
    const columns = [...group.figures.keys()].join();
    const alike = byColumns.get(columns);
    if (alike) alike.push(group);
    else byColumns.set(columns, [group]);
  }
  const kinds = [...byColumns.values()];
  return toldApart([
    ...kinds.filter(({ length }) => length > 1).map(upright),
    ...kinds.filter(({ length }) => length === 1).map(([group]) => onItsSide(group)),
  ]);
}

/** Tables of one name are told apart by their columns. */
function toldApart(tables: readonly MetricTable[]): readonly MetricTable[] {
  const isAlone = ({ name }: MetricTable) => tables.filter((table) => table.name === name).length === 1;
  return tables.map((table) =>
    isAlone(table) ? table : { ...table, name: `${table.name}: ${table.columns.join(", ")}` },
  );
}

/** Lists, such as the points of a curve, are no table's business. */
function groupsOf(node: object, path: readonly string[]): Group[] {
  const entries = Object.entries(node) as [string, unknown][];
  const figures = new Map(entries.flatMap(([key, value]) => (isFigure(value) ? [[key, value]] : [])));
  const below = entries.flatMap(([key, value]) => (isRecord(value) ? groupsOf(value, [...path, key]) : []));
  return figures.size > 0 ? [{ path, figures }, ...below] : below;
}

function upright(groups: readonly [Group, ...Group[]]): MetricTable {
  const [first] = groups;
  const depth = first.path.findIndex((step, at) => groups.some(({ path }) => path[at] !== step));
  const shared = depth < 0 ? first.path.length : depth;
  const printed = [...first.figures.keys()].map((key) => inColumn(groups.map(({ figures }) => figures.get(key) ?? "")));
  return {
    name: nameOf(first.path.slice(0, shared)) || "Scores",
    columns: [...first.figures.keys()].map(words),
    rows: groups.map(({ path }, row) => ({
      name: nameOf(path.slice(shared)) || "All",
      values: printed.map((column) => column[row] ?? ""),
    })),
  };
}

const onItsSide = ({ path, figures }: Group): MetricTable => ({
  name: nameOf(path) || "Other figures",
  columns: ["Value"],
  rows: [...figures].map(([key, value]) => ({ name: words(key), values: inColumn([value]) })),
});

const isFigure = (value: unknown): value is Figure => typeof value === "number" || typeof value === "string";

const isRecord = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A share of 1 stands among others as 1.000. */
function inColumn(values: readonly Figure[]): readonly string[] {
  const digits = values.every((value) => typeof value === "string" || Number.isInteger(value)) ? 0 : 3;
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return values.map((value) => (typeof value === "string" ? value : value.toLocaleString("en", options)));
}

const nameOf = (path: readonly string[]) => path.map(words).join(", ");

/** `weighted_f1` is read aloud as "Weighted F1". */
function words(key: string): string {
  const spaced = key.replaceAll("_", " ").replace(/\bf1\b/g, "F1");
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}
