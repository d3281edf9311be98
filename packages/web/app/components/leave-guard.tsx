import { useBeforeUnload, useBlocker } from "@remix-run/react";
import type { ReactNode } from "react";
import { ConfirmDialog } from "./confirm-dialog.tsx";

interface Props {
  readonly title: string;
  /** What is lost. */
  readonly children: ReactNode;
}

/** Asks before the page is left, as long as it is rendered. Of a page that is closed the browser asks in its own words. */
export function LeaveGuard({ title, children }: Props) {
  const blocker = useBlocker(({ currentLocation, nextLocation }) => currentLocation.pathname !== nextLocation.pathname);
  useBeforeUnload(ask);
  if (blocker.state !== "blocked") return null;
  const close = (isConfirmed: boolean) => (isConfirmed ? blocker.proceed() : blocker.reset());
  return (
    <ConfirmDialog title={title} action="Leave" onClose={close}>
      {children}
    </ConfirmDialog>
  );
}

/** The router knows at once that somebody agreed to leave; React may hear of it only after the page has begun to go. */
function ask(event: BeforeUnloadEvent): void {
  const blockers = [...window.__remixRouter.state.blockers.values()];
  if (!blockers.some(({ state }) => state === "proceeding")) event.preventDefault();
}
