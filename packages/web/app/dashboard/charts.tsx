import { Panel } from "../components/panel.tsx";
import { ConfidenceChart } from "./confidence-chart.tsx";
import type { Figures, Moment } from "./figures.ts";
import { LineChart } from "./line-chart.tsx";
import { Ranking } from "./ranking.tsx";
import { inCount, inMs, inNumber } from "./words.ts";

/** Every figure as a picture and as a table. */
export function Charts({ figures }: { figures: Figures }) {
  const { moments, statuses, tags, confidence } = figures;
  const times = moments.map(({ at }) => at);
  const line = (name: string, valueOf: (moment: Moment) => number | undefined) => ({
    name,
    values: moments.map(valueOf),
  });
  const isQueueMeasured = moments.some(({ waiting }) => waiting !== undefined);
  return (
    <div className="grid gap-6 lg:grid-cols-2">
      <LineChart
        title="Requests per second"
        times={times}
        lines={[line("All", ({ requests }) => requests), line("Failed", ({ errors }) => errors)]}
        format={inNumber}
      />
      <LineChart
        title="Latency"
        times={times}
        lines={[
          line("Half within", ({ p50 }) => p50),
          line("95 % within", ({ p95 }) => p95),
          line("99 % within", ({ p99 }) => p99),
        ]}
        format={inMs}
      />
      {isQueueMeasured ? (
        <LineChart
          title="Queue"
          times={times}
          lines={[line("Waiting for the model", ({ waiting }) => waiting)]}
          format={inCount}
          atLeast={4}
        />
      ) : (
        <NotMeasured title="Queue" />
      )}
      <Ranking title="Answers by status" of="Status" counts={statuses} none="Nothing has been asked yet." />
      {confidence ? <ConfidenceChart {...confidence} /> : <NotMeasured title="Confidence drift" />}
      <Ranking title="Predictions by tag" of="Tag" counts={tags} none="No tag has been given yet." />
    </div>
  );
}

function NotMeasured({ title }: { title: string }) {
  return (
    <Panel title={title}>
      <p className="text-muted">The tasks don’t report this to CloudWatch.</p>
    </Panel>
  );
}
