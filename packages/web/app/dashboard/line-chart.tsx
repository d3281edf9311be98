import { scaleLinear, scaleTime } from "@visx/scale";
import { Axes, ChartFrame } from "./chart-frame.tsx";
import { Figure } from "./figure.tsx";
import { LineMarks } from "./line-marks.tsx";
import { inClock, inSecondsOfDay } from "./words.ts";

export interface Line {
  readonly name: string;
  /** One for each time; undefined where there was nothing to measure. */
  readonly values: readonly (number | undefined)[];
}

interface Props {
  readonly title: string;
  /** Milliseconds since 1970, the oldest first. */
  readonly times: readonly number[];
  readonly lines: readonly Line[];
  readonly format: (value: number) => string;
  /** The scale reaches that far even where all values are smaller. */
  readonly atLeast?: number;
}

/** Below that, minutes alone would stand there several times. */
const shortMs = 10 * 60_000;

/** What went up and down. */
export function LineChart({ title, times, lines, format, atLeast = 0 }: Props) {
  const highest = Math.max(atLeast, ...lines.flatMap(({ values }) => values.map((value) => value ?? 0)));
  const domain = [times[0] ?? 0, times.at(-1) ?? 1] as const;
  const inTime = domain[1] - domain[0] < shortMs ? inSecondsOfDay : inClock;
  const rows = times.map((time, index) => ({
    name: inSecondsOfDay(time),
    values: lines.map(({ values }) => formatOrNone(values[index], format)),
  }));
  return (
    <Figure
      title={title}
      legend={lines.map(({ name }) => name)}
      mark="line"
      columns={["Time (UTC)", ...lines.map(({ name }) => name)]}
      rows={rows.reverse()}
    >
      <ChartFrame label={`${title}: ${lines.map((line) => describe(line, format)).join("; ")}`}>
        {(room) => {
          const x = scaleTime({ domain: [...domain], range: [0, room.width] });
          const y = scaleLinear({ domain: [0, highest || 1], range: [room.height, 0], nice: true });
          return (
            <>
              <Axes
                {...{ room, x, y }}
                formatX={(time) => inTime(Number(time))}
                formatY={(value) => format(Number(value))}
              />
              {lines.map(({ name, values }, series) => (
                <LineMarks key={name} {...{ series, values, y }} x={(place) => x(times[place] ?? 0)} />
              ))}
            </>
          );
        }}
      </ChartFrame>
    </Figure>
  );
}

function describe({ name, values }: Line, format: (value: number) => string): string {
  const known = values.filter((value) => value !== undefined);
  const last = known.at(-1);
  return last === undefined
    ? `${name} not measured`
    : `${name} now ${format(last)}, at most ${format(Math.max(...known))}`;
}

const formatOrNone = (value: number | undefined, format: (value: number) => string) =>
  value === undefined ? "–" : format(value);
