import { percent } from "../percent.ts";
import { sum, type Figures } from "./figures.ts";
import { inCount, inMs, inNumber } from "./words.ts";

/** The few figures that tell at a glance whether all is well. */
export function Headline({ figures }: { figures: Figures }) {
  const { moments, statuses, queue, load, windowMinutes } = figures;
  const last = moments.at(-1);
  const asked = sum(statuses.map(({ count }) => count));
  const failed = sum(statuses.filter(({ name }) => name.startsWith("5")).map(({ count }) => count));
  const facts: readonly (readonly [name: string, value: string | undefined])[] = [
    [`Requests in ${windowMinutes} min`, inCount(asked)],
    ["Requests per second", last && inNumber(last.requests)],
    ["95 % answered within", last?.p95 === undefined ? undefined : inMs(last.p95)],
    ["Failed", asked === 0 ? undefined : percent(failed / asked)],
    ["Waiting for the model", queue && inCount(queue.waiting)],
    ["Processor", load?.cpu === undefined ? undefined : percent(load.cpu)],
    ["Memory", load?.memory === undefined ? undefined : percent(load.memory)],
  ];
  return (
    <dl className="flex flex-wrap gap-px overflow-hidden rounded-panel border border-line bg-line">
      {facts
        .filter(([name, value]) => value !== undefined || !["Processor", "Memory"].includes(name))
        .map(([name, value = "–"]) => (
          <div key={name} className="grow basis-36 bg-surface p-4">
            <dt className="text-sm text-muted">{name}</dt>
            <dd className="mt-1 text-2xl font-bold tracking-tight">{value}</dd>
          </div>
        ))}
    </dl>
  );
}
