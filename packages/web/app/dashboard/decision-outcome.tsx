import { Notice } from "../components/notice.tsx";
import { UnansweredNotice } from "../components/unanswered-notice.tsx";
import { isUnanswered } from "../unanswered.ts";
import type { DecisionFailure } from "./decision.server.ts";

interface Props {
  /** Of the action; absent where nothing was decided. */
  readonly came: { readonly failure: DecisionFailure } | undefined;
}

/** Why a decision was not carried out, or that nobody knows whether it was. */
export function DecisionOutcome({ came }: Props) {
  if (isUnanswered(came)) {
    return (
      <UnansweredNotice>
        Nobody knows whether anything was changed. Load the page of models in a moment, and see how it stands.
      </UnansweredNotice>
    );
  }
  if (!came) return null;
  return (
    <Notice kind="danger" title={came.failure.title}>
      {came.failure.message}
    </Notice>
  );
}
