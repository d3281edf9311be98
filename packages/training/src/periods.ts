import { type Example } from "./dataset.ts";

/** When the questions of sources without dates were asked, by what their publishers say or their ids show. */
const undated: Readonly<Record<string, string>> = {
  hse_train_part: "2008 to 2016",
  hse_validation: "2008 to 2016",
  remla_so_2022: "2022",
  sofiabmr: "2010",
};

/** Fewer questions of a period than this say little. */
const SMALLEST = 100;

/** Questions that were asked in the same years, in words: `2022` or `2008 to 2016`. */
export interface Period {
  readonly years: string;
  readonly examples: readonly Example[];
  readonly sources: readonly string[];
}

/** The periods that have enough questions, oldest first; questions of unknown date are in none. */
export function periodsOf(examples: readonly Example[]): Period[] {
  const years = [...new Set(examples.flatMap((example) => yearsOf(example) ?? []))].toSorted();
  return years
    .map((period) => {
      const members = examples.filter((example) => yearsOf(example) === period);
      return { years: period, examples: members, sources: sourcesOf(members) };
    })
    .filter(({ examples: members }) => members.length >= SMALLEST);
}

/** The sources' names, in the order of the alphabet. */
export function sourcesOf(examples: readonly Example[]): string[] {
  return [...new Set(examples.map(({ source }) => source))].toSorted();
}

function yearsOf({ date, source }: Example): string | undefined {
  return /^\d{4}/.exec(date ?? "")?.[0] ?? undated[source];
}
