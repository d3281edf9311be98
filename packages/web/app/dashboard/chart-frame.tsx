import { AxisBottom, AxisLeft, type TickRendererProps } from "@visx/axis";
import { GridRows } from "@visx/grid";
import type { AnyD3Scale } from "@visx/scale";
import type { ComponentProps, ReactNode } from "react";
import { useWidth } from "./use-width.ts";

const margin = { top: 8, right: 20, bottom: 32, left: 52 } as const;
const height = 208;

/** The room for the marks, in pixels. */
export interface Room {
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
      <svg role="img" aria-label={label} viewBox={`0 0 ${width} ${height}`} className="block h-auto w-full">
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
        numTicks={Math.max(2, Math.floor(room.width / 110))}
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

/** visx's own text has a `style` attribute, which our content security policy refuses in what the server sends. */
function Tick({ x, y, formattedValue, anchor }: TickRendererProps & { anchor: "end" | "middle" }) {
  return (
    <text x={x} y={y} dy={anchor === "end" ? "0.32em" : "0.9em"} textAnchor={anchor} className="fill-muted text-xs">
      {formattedValue}
    </text>
  );
}
