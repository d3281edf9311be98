import { counted } from "../question.ts";

/** What was measured of one version in a trial. Times are in milliseconds a question; what was never measured is absent. */
export interface VersionFigures {
  /** Requests. */
  readonly answered: number;
  readonly failed: number;
  /** Those that the version in use had to answer because the candidate had enough to do. */
  readonly busy: number;
  readonly p50?: number | undefined;
  readonly p95?: number | undefined;
  /** Share of the requests whose first guess was at most half sure. */
  readonly unsure?: number | undefined;
}

/** What was measured of both versions in a trial, wherever that was measured. */
export interface TrialFigures {
  readonly origin: "service" | "cloudwatch";
  /** What was measured before isn't in it; ISO 8601. */
  readonly since: string;
  /** How soon there can be anything new. */
  readonly refreshMs: number;
  readonly current: VersionFigures;
  readonly candidate: VersionFigures;
  /** Answers that were compared; those below are means over them, from 0 to 1. */
  readonly compared: number;
  readonly dropped: number;
  readonly sameTags: number;
  readonly sameFirst: number;
  /** Of the tags that either version gave, those that both did. */
  readonly overlap: number;
  /** Between the confidences in each tag. */
  readonly difference: number;
}

interface Advice {
  /** `wait` until there is enough to tell, `stop` where something speaks against the candidate. */
  readonly kind: "wait" | "stop" | "promote";
  readonly reasons: readonly string[];
}

const enoughAnswers = 500;
/** Fewer may be bad luck, whatever the arithmetic says. */
const enoughFailures = 5;
/** One-sided, at 5 %. */
const significantZ = 1.645;
const muchSlower = 1.5;
const tooOftenBusy = 0.01;

/** What speed and failures say of a candidate. Whether its tags are better they can't say: people's feedback can. */
export function advise({ current, candidate }: Pick<TrialFigures, "current" | "candidate">): Advice {
  const asked = candidate.answered + candidate.failed;
  if (failsMore(candidate, current)) {
    const more = `It fails more often: ${candidate.failed} of ${asked}, against ${current.failed} of ${current.answered + current.failed}.`;
    return { kind: "stop", reasons: [more] };
  }
  if (asked < enoughAnswers) {
    return {
      kind: "wait",
      reasons: [`It was asked ${counted(asked, "time")}; with fewer than ${enoughAnswers}, chance decides.`],
    };
  }
  const reasons = [];
  if ((candidate.p95 ?? 0) > muchSlower * (current.p95 ?? Infinity)) {
    reasons.push("The slowest twentieth of its answers takes more than one and a half times as long.");
  }
  if (candidate.busy > tooOftenBusy * (asked + candidate.busy)) {
    reasons.push("It had too much to do for more than one request in a hundred.");
  }
  if (reasons.length > 0) return { kind: "stop", reasons };
  return { kind: "promote", reasons: ["It fails no more often, keeps up and is not much slower."] };
}

/** Whether more of one's requests failed than of the other's, beyond what chance does. */
function failsMore(one: VersionFigures, other: VersionFigures): boolean {
  if (one.failed < enoughFailures) return false;
  const [ours, theirs] = [one.answered + one.failed, Math.max(1, other.answered + other.failed)];
  const pooled = (one.failed + other.failed) / (ours + theirs);
  const deviation = Math.sqrt(pooled * (1 - pooled) * (1 / ours + 1 / theirs));
  return one.failed / ours - other.failed / theirs > significantZ * deviation;
}
