import { useId, type ReactNode } from "react";
import { Button } from "./button.tsx";

interface Props {
  readonly title: string;
  /** What will happen, and whether it can be taken back. */
  readonly children: ReactNode;
  /** What the button that does it says, as a verb: never "OK". */
  readonly action: string;
  readonly onClose: (isConfirmed: boolean) => void;
}

const confirmed = "confirmed";

/** A ref callback outside the component never changes, so React calls it once. */
const open = (dialog: HTMLDialogElement | null) => dialog?.showModal();

/** Asks before what can't be undone. It is open while it is rendered; the focus goes back to where it was afterwards. */
export function ConfirmDialog({ title, children, action, onClose }: Props) {
  const id = useId();
  return (
    <dialog
      ref={open}
      role="alertdialog"
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-consequence`}
      onClose={({ currentTarget }) => onClose(currentTarget.returnValue === confirmed)}
      className="m-auto w-[min(28rem,calc(100vw-2rem))] rounded-panel border border-line bg-surface p-6 text-left text-base text-ink shadow-xl backdrop:bg-veil"
    >
      <h2 id={`${id}-title`} className="text-xl font-bold tracking-tight wrap-anywhere">
        {title}
      </h2>
      <p id={`${id}-consequence`} className="mt-2 text-muted">
        {children}
      </p>
      <form method="dialog" className="mt-6 flex flex-wrap justify-end gap-3">
        <Button type="submit">Cancel</Button>
        <Button type="submit" value={confirmed} look="danger">
          {action}
        </Button>
      </form>
    </dialog>
  );
}
