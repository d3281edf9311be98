import { scaleBand, scaleLinear } from "@visx/scale";
import { Bar } from "@visx/shape";
import { percent } from "../percent.ts";
import { Axes, ChartFrame } from "./chart-frame.tsx";
import { Figure } from "./figure.tsx";
import { bands, sum, type Drift } from "./figures.ts";
import { seriesLooks } from "./series-looks.ts";
import { inCount } from "./words.ts";

/** How sure the model is of its first guess, now and before. */
export function ConfidenceChart({ now, before, since, moved }: Drift) {
  const series = [
    { name: "Now", counts: now },
    { name: `Answers ${since}`, counts: before },
  ].map((one) => ({ ...one, shares: sharesOf(one.counts) }));
  const highest = Math.max(...series.flatMap(({ shares }) => shares));
  const verdict =
    moved === undefined
      ? "There are too few answers to tell a drift from chance."
      : `${percent(moved)} of the answers are in other bands than before.`;
  return (
    <Figure
      title="Confidence drift"
      legend={series.map(({ name }) => name)}
      mark="bar"
      note={verdict}
      columns={["Sure of the first guess", ...series.map(({ name }) => name)]}
      rows={bands.map((band, index) => ({
        name: `${band} %`,
        values: series.map(({ counts }) => inCount(counts[index] ?? 0)),
      }))}
    >
      <ChartFrame label={`Share of the answers by how sure the model was of its first guess. ${verdict}`}>
        {(room) => {
          const x = scaleBand({ domain: [...bands], range: [0, room.width], padding: 0.2 });
          const y = scaleLinear({ domain: [0, highest || 1], range: [room.height, 0], nice: true });
          const width = x.bandwidth() / series.length;
          return (
            <>
              <Axes
                {...{ room, x, y }}
                formatX={(band) => `${band.split("-")[0] ?? ""} %`}
                formatY={(share) => percent(Number(share))}
              />
              {series.flatMap(({ name, shares }, place) =>
                bands.map((band, index) => (
                  <Bar
                    key={`${name} ${band}`}
                    x={(x(band) ?? 0) + place * width}
                    y={y(shares[index] ?? 0)}
                    width={width}
                    height={room.height - y(shares[index] ?? 0)}
                    className={seriesLooks[place]?.bar ?? ""}
                  />
                )),
              )}
            </>
          );
        }}
      </ChartFrame>
    </Figure>
  );
}

function sharesOf(counts: readonly number[]): number[] {
  const total = sum(counts);
  return counts.map((count) => (total === 0 ? 0 : count / total));
}
