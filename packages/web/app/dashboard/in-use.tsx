import type { Promotion } from "../../server/dashboard/releases.ts";
import type { Serving } from "../../server/dashboard/serving.ts";
import { Notice } from "../components/notice.tsx";
import { Panel } from "../components/panel.tsx";
import { Progress } from "../components/progress.tsx";
import { percent } from "../percent.ts";
import { usePolled } from "./use-polled.ts";
import { inDay, inPerson } from "./words.ts";

interface Props {
  /** As it was when the page was made. */
  readonly serving: Serving;
  readonly promotion: Promotion | undefined;
}

const pollMs = 1_000;

/** Which model was chosen, and how far the service has followed. */
export function InUse({ serving: initial, promotion }: Props) {
  const { value: serving, isStale } = usePolled("/dashboard/serving", { initial, everyMs: () => pollMs });
  return (
    <Panel title="In use">
      {promotion && (
        <p>
          <strong className="font-mono">{promotion.id}</strong> was promoted by{" "}
          <strong>{inPerson(promotion.by)}</strong> on <time dateTime={promotion.at}>{inDay(promotion.at)}</time>.
        </p>
      )}
      <p role="status" className="mt-2">
        {isStale ? "This server can’t be reached: it is asked again." : sentenceOf(serving, promotion)}
      </p>
      {serving.update?.status === "loading" && (
        <div className="mt-4 max-w-md">
          <Progress
            label={`Loading ${serving.update.id ?? "the model"}`}
            share={serving.update.share}
            detail={serving.update.share === undefined ? "" : percent(serving.update.share)}
          />
        </div>
      )}
      {serving.update?.status === "failed" && (
        <div className="mt-4">
          <Notice kind="caution" title={`The service can’t load ${serving.update.id ?? "the model"}`}>
            {serving.update.reason}
          </Notice>
        </div>
      )}
    </Panel>
  );
}

function sentenceOf({ status, serves }: Serving, promotion: Promotion | undefined): string {
  if (status === "unreachable") return "The service can’t be reached.";
  if (!serves) return status === "draining" ? "The service is ending." : "The service has no model yet.";
  if (!promotion || serves === promotion.id) return `The service answers with ${serves}.`;
  return `The service still answers with ${serves}: it looks for a promoted model every few seconds.`;
}
