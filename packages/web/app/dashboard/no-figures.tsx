import type { Unavailable } from "../../server/dashboard/source.ts";
import { Notice } from "../components/notice.tsx";

const views = {
  unreachable: {
    title: "The figures can’t be reached",
    advice: "The service that tells them may be restarting. This page asks again by itself.",
  },
  denied: {
    title: "CloudWatch refuses",
    advice: "The web service may not call cloudwatch:GetMetricData. Deploy the stage anew to give it the right.",
  },
} as const satisfies Record<Unavailable, unknown>;

export function NoFigures({ reason }: { reason: Unavailable }) {
  return (
    <div className="mt-8 max-w-2xl">
      <Notice kind="caution" title={views[reason].title}>
        {views[reason].advice}
      </Notice>
    </div>
  );
}
