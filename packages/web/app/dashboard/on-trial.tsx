import type { JudgedVersions } from "../../server/dashboard/agreement.ts";
import type { Trial } from "../../server/dashboard/releases.ts";
import type { Serving } from "../../server/dashboard/serving.ts";
import type { TrialResult } from "../../server/dashboard/source.ts";
import { Notice } from "../components/notice.tsx";
import { Panel } from "../components/panel.tsx";
import { percent } from "../percent.ts";
import { DecideForm } from "./decide-form.tsx";
import { NoFigures } from "./no-figures.tsx";
import { advise, type TrialFigures } from "./trial.ts";
import { TrialTable } from "./trial-table.tsx";
import { usePolled } from "./use-polled.ts";
import { inCount, inDay, inPerson } from "./words.ts";

interface Props {
  readonly trial: Trial;
  /** As it was when the page was made. */
  readonly serving: Serving;
  /** Likewise. */
  readonly measured: TrialResult;
  /** Absent where no bucket keeps feedback, or where it can't be read. */
  readonly judged: JudgedVersions | undefined;
  readonly seen: string;
}

const pollMs = 2_000;
const askAgainMs = 3_000;

const titles = {
  wait: "Too early to tell",
  stop: "Something speaks against it",
  promote: "Nothing measured speaks against it",
} as const;
const kinds = { wait: "info", stop: "caution", promote: "success" } as const;

/** A version that is tried out, beside the one in use. */
export function OnTrial({ trial, judged, seen, ...initial }: Props) {
  const { id, name, version, mode, share, at, by } = trial;
  const { value: serving } = usePolled("/dashboard/serving", { initial: initial.serving, everyMs: () => pollMs });
  const { value: measured } = usePolled(`/dashboard/trial?since=${encodeURIComponent(at)}`, {
    initial: initial.measured,
    everyMs: (result) => (result.ok ? result.figures.refreshMs : askAgainMs),
  });
  const isOnTrial = serving.candidate?.id === id && serving.candidate.status === "on_trial";
  const figures = isOnTrial && measured.ok ? measured.figures : undefined;
  return (
    <Panel
      title="On trial"
      actions={
        <div className="flex flex-wrap gap-3">
          <DecideForm choice={{ intent: "promote", name, version, seen }} />
          <DecideForm choice={{ intent: "stop", tried: id, seen }} />
        </div>
      }
    >
      <p>
        <strong className="font-mono">{id}</strong>{" "}
        {mode === "canary"
          ? `answers ${percent(share)} of the questions`
          : `is compared on ${percent(share)} of the questions and answers none`}{" "}
        since <time dateTime={at}>{inDay(at)}</time>, by <strong>{inPerson(by)}</strong>.
      </p>
      <p role="status" className="mt-2">
        {sentenceOf(serving, id)} {figures && originOf(figures)}
      </p>
      {isOnTrial && !measured.ok && <NoFigures reason={measured.reason} />}
      {figures && (
        <div className="mt-4 grid gap-4">
          <TrialTable figures={figures} judged={judged} versions={{ current: serving.serves ?? "", candidate: id }} />
          {figures.compared > 0 && <p>{comparisonOf(figures)}</p>}
          <AdviceNotice figures={figures} />
        </div>
      )}
    </Panel>
  );
}

function AdviceNotice({ figures }: { figures: TrialFigures }) {
  const { kind, reasons } = advise(figures);
  return (
    <Notice kind={kinds[kind]} title={titles[kind]}>
      {reasons.join(" ")} Whether its tags are the better ones only people can say: compare how often they agreed.
    </Notice>
  );
}

function sentenceOf({ candidate }: Serving, id: string): string {
  if (candidate?.id !== id) return "The service doesn’t know of it yet: it looks every few seconds.";
  switch (candidate.status) {
    case "loading":
      return "The service loads and checks it.";
    case "failed":
      return `The service can’t load it: ${candidate.reason ?? "nobody knows why"}`;
    case "on_trial":
      return "It is on trial.";
  }
}

function originOf({ origin, since }: TrialFigures): string {
  if (origin === "service") return "These are the figures of both since the trial began.";
  return (
    `These are the figures of both from CloudWatch: what all tasks have reported since ${inDay(since)}, a minute or two late. ` +
    "Reports before that may be of an earlier trial."
  );
}

function comparisonOf({ compared, sameTags, sameFirst, overlap, difference, dropped }: TrialFigures): string {
  const left = dropped > 0 ? ` ${inCount(dropped)} more were left out for want of time.` : "";
  return (
    `Answers compared: ${inCount(compared)}. The tags were the same in ${percent(sameTags)} of them, the first guess in ` +
    `${percent(sameFirst)}; tags overlap by ${percent(overlap)}, and confidences differ by ${percent(difference)} on average.${left}`
  );
}
