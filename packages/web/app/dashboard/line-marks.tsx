import { LinePath } from "@visx/shape";
import { seriesLooks } from "./series-looks.ts";

interface Props {
  /** Which one of the chart's series it is. */
  readonly series: number;
  /** One for each place; undefined where there was nothing to measure. */
  readonly values: readonly (number | undefined)[];
  readonly x: (place: number) => number;
  readonly y: (value: number) => number;
}

/** A line with gaps, and a dot for each value that stands between two gaps, which a line doesn't show. */
export function LineMarks({ series, values, x, y }: Props) {
  const look = seriesLooks[series];
  const alone = values.flatMap((value, place) =>
    value === undefined || values[place - 1] !== undefined || values[place + 1] !== undefined ? [] : [{ place, value }],
  );
  return (
    <>
      <LinePath
        data={[...values]}
        defined={(value) => value !== undefined}
        x={(_value, place) => x(place)}
        y={(value) => y(value ?? 0)}
        className={look?.line ?? ""}
        strokeWidth={2}
        strokeLinejoin="round"
      />
      {alone.map(({ place, value }) => (
        <circle key={place} cx={x(place)} cy={y(value)} r={3} className={look?.bar ?? ""} />
      ))}
    </>
  );
}
