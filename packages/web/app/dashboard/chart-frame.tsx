import { AxisBottom, AxisLeft, type TickRendererProps } from "@visx/axis";
import { GridRows } from "@visx/grid";
import { getTicks, type AnyD3Scale } from "@visx/scale";
import type { ComponentProps, ReactNode } from "react";
import { useWidth } from "./use-width.ts";

const margin = { top: 8, right: 20, bottom: 32, left: 52 } as const;
const height = 208;

/** The room for the marks, in pixels. */
interface Room {
  readonly width: number;
  readonly height: number;
}

interface Props {
  /** What the picture shows, in a sentence. */
  readonly label: string;
  readonly children: (room: Room) => ReactNode;
}

/** A picture that is as wide as its place. Its text has the size of the page's, however wide that is. */
export function ChartFrame({ label, children }: Props) {
  const { ref, width } = useWidth();
  const room = { width: width - margin.left - margin.right, height: height - margin.top - margin.bottom };
  return (
    <div ref={ref}>
      {/* Text that is larger, or spaced wider, than ours takes more room than the margin has. */}
      <svg
        role="img"
        aria-label={label}
        viewBox={`0 0 ${width} ${height}`}
        className="block h-auto w-full overflow-visible"
      >
        <g transform={`translate(${margin.left},${margin.top})`}>{children(room)}</g>
      </svg>
    </div>
  );
}

interface AxesProps<X extends AnyD3Scale, Y extends AnyD3Scale> {
  readonly room: Room;
  readonly x: X;
  readonly y: Y;
  readonly formatX: NonNullable<ComponentProps<typeof AxisBottom<X>>["tickFormat"]>;
  readonly formatY: NonNullable<ComponentProps<typeof AxisLeft<Y>>["tickFormat"]>;
}

export function Axes<X extends AnyD3Scale, Y extends AnyD3Scale>({ room, x, y, formatX, formatY }: AxesProps<X, Y>) {
  return (
    <>
      <GridRows scale={y} width={room.width} numTicks={4} className="text-line" stroke="currentColor" />
      <AxisLeft
        scale={y}
        numTicks={4}
        hideAxisLine
        hideTicks
        tickFormat={formatY}
        tickComponent={(tick) => <Tick {...tick} anchor="end" />}
      />
      <AxisBottom
        scale={x}
        top={room.height}
        tickValues={ticksOf(x, room.width)}
        tickLength={4}
        stroke="currentColor"
        tickStroke="currentColor"
        axisClassName="text-edge"
        tickFormat={formatX}
        tickComponent={(tick) => <Tick {...tick} anchor="middle" />}
      />
    </>
  );
}

/** What a label takes, as "20:31:00" does, in pixels. */
const labelWidth = 60;

/** As many as have room, also where a scale gives more than it is asked for, as one of time does. */
function ticksOf<X extends AnyD3Scale>(x: X, width: number) {
  const ticks = getTicks(x, Math.max(2, Math.floor(width / 110)));
  const step = Math.ceil(((ticks.length + 1) * labelWidth) / width);
  return ticks.filter((_tick, index) => index % step === 0);
}

/** visx's own text has a `style` attribute, which our content security policy refuses in what the server sends. */
function Tick({ x, y, formattedValue, anchor }: TickRendererProps & { anchor: "end" | "middle" }) {
  return (
    <text x={x} y={y} dy={anchor === "end" ? "0.32em" : "0.9em"} textAnchor={anchor} className="fill-muted text-xs">
      {formattedValue}
    </text>
  );
}
