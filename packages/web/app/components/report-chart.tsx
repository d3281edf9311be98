import type { Chart } from "../report.server.ts";

interface Props extends Chart {
  /** What the chart shows, for those who don't see it. */
  readonly label: string;
}

/** A chart of the training report, in the page's colours; on a narrow screen it scrolls inside its frame. */
export function ReportChart({ name, width, height, label }: Props) {
  return (
    <div
      role="region"
      aria-label={label}
      tabIndex={0}
      className="overflow-x-auto rounded-panel border border-line bg-surface p-5"
    >
      <svg
        role="img"
        aria-label={label}
        viewBox={`0 0 ${width} ${height}`}
        width={width}
        height={height}
        className="h-auto max-w-full min-w-[34rem]"
      >
        <use href={`/charts/${name}#chart`} />
      </svg>
    </div>
  );
}
