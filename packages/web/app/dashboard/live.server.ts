import type { AppLoadContext } from "@remix-run/node";
import type { JudgedDay } from "../../server/dashboard/agreement.ts";
import type { FiguresResult } from "../../server/dashboard/source.ts";

/** All that the page of live figures shows. */
export interface Live {
  readonly result: FiguresResult;
  /** Absent where no bucket keeps feedback, or where it can't be read. */
  readonly judged?: readonly JudgedDay[] | undefined;
}

export async function readLive({ dashboard }: AppLoadContext): Promise<Live> {
  const [result, judged] = await Promise.all([dashboard.figures.read(), dashboard.agreement?.read()]);
  return { result, judged };
}
