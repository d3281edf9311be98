import type { ReactNode } from "react";
import type { Failure } from "../failure.ts";
import { failureText } from "./failure-text.ts";
import { Notice } from "./notice.tsx";

interface Props {
  readonly failure: Failure;
  /** How to ask again on this page, as the start of a sentence that ends in when; absent where the actions do it. */
  readonly again?: string | undefined;
  /** What can be done about it here. */
  readonly actions?: ReactNode;
}

/** What went wrong and what to do. */
export function FailureNotice({ failure, again, actions }: Props) {
  const { title, reason, when } = failureText(failure);
  return (
    <Notice kind="danger" title={title} actions={actions}>
      <p>
        {reason}
        {again !== undefined && when && ` ${again} ${when}.`}
      </p>
    </Notice>
  );
}
