interface Look {
  readonly line: string;
  readonly bar: string;
  readonly key: string;
}

/** How each series of a chart is told from the others: by its colour, and where lines cross by its dashes. */
export const seriesLooks: readonly Look[] = [
  { line: "fill-none stroke-series-1", bar: "fill-series-1", key: "stroke-series-1" },
  {
    line: "fill-none stroke-series-2 [stroke-dasharray:6_3]",
    bar: "fill-series-2",
    key: "stroke-series-2 [stroke-dasharray:6_3]",
  },
  {
    line: "fill-none stroke-series-3 [stroke-dasharray:2_3]",
    bar: "fill-series-3",
    key: "stroke-series-3 [stroke-dasharray:2_3]",
  },
];
