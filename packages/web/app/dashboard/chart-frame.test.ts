import { scaleLinear, scaleTime } from "@visx/scale";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { Axes } from "./chart-frame.tsx";
import { inSecondsOfDay } from "./words.ts";

const start = Date.UTC(2026, 0, 1, 20, 30, 55);
/** What a time takes, as "20:31:00", in pixels, and a little between two. */
const labelWidth = 58;

/** Where the times stand below a chart of that width. */
function placesOf(width: number, minutes: number): number[] {
  const x = scaleTime({ domain: [start, start + 60_000 * minutes], range: [0, width] });
  const y = scaleLinear({ domain: [0, 1], range: [100, 0] });
  const formats = { formatX: (time: unknown) => inSecondsOfDay(Number(time)), formatY: String };
  const drawn = renderToStaticMarkup(createElement(Axes, { room: { width, height: 100 }, x, y, ...formats }));
  return [...drawn.matchAll(/<text x="([\d.]+)"[^>]* text-anchor="middle"/g)].map(([, place]) => Number(place));
}

it("times below a chart don't run into each other, however narrow it is and however long they go back", () => {
  for (let width = 180; width <= 1_000; width += 20) {
    for (let minutes = 0.5; minutes <= 10; minutes += 0.5) {
      const places = placesOf(width, minutes);
      const gaps = places.slice(1).map((place, index) => place - (places[index] ?? 0));
      expect(Math.min(...gaps), `${minutes} minutes on ${width} pixels`).toBeGreaterThanOrEqual(labelWidth);
      expect(places.length).toBeGreaterThan(0);
    }
  }
});
