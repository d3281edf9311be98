interface Look {
  readonly line: string;
  readonly bar: string;
}

/** How each series of a chart is told from the others: by its colour, and lines by their dashes, too. */
export const seriesLooks: readonly Look[] = [
  { line: "fill-none stroke-series-1", bar: "fill-series-1" },
  { line: "fill-none stroke-series-2 [stroke-dasharray:6_3]", bar: "fill-series-2" },
  { line: "fill-none stroke-series-3 [stroke-dasharray:2_3]", bar: "fill-series-3" },
];
