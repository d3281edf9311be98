import { useBeforeUnload, useBlocker } from "@remix-run/react";
import { useCallback, type ReactNode } from "react";
import { ConfirmDialog } from "./confirm-dialog.tsx";

interface Props {
  readonly title: string;
  /** What is lost. */
  readonly children: ReactNode;
}

/** Asks before the page is left, as long as it is rendered. Of a page that is closed the browser asks in its own words. */
export function LeaveGuard({ title, children }: Props) {
  const blocker = useBlocker(({ currentLocation, nextLocation }) => currentLocation.pathname !== nextLocation.pathname);
  const isAgreed = blocker.state === "proceeding";
  const ask = useCallback(
    (event: BeforeUnloadEvent) => {
      if (!isAgreed) event.preventDefault();
    },
    [isAgreed],
  );
  useBeforeUnload(ask);
  if (blocker.state !== "blocked") return null;
  const close = (isConfirmed: boolean) => (isConfirmed ? blocker.proceed() : blocker.reset());
  return (
    <ConfirmDialog title={title} action="Leave" onClose={close}>
      {children}
    </ConfirmDialog>
  );
}
