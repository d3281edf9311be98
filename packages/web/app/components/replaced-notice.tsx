import { Button } from "./button.tsx";
import { Notice } from "./notice.tsx";

interface Props {
  readonly isLinkBroken: boolean;
  readonly canBringBack: boolean;
  readonly onBringBack: () => void;
}

/** What happened to the text in the form other than by typing. */
export function ReplacedNotice({ isLinkBroken, canBringBack, onBringBack }: Props) {
  return (
    <>
      {isLinkBroken && (
        <Notice kind="caution" title="The link’s question can’t be read">
          It may have been cut when it was copied. Ask for it again.
        </Notice>
      )}
      {canBringBack && (
        <div className="flex flex-wrap items-center justify-between gap-2 rounded-control bg-plate px-4 py-2">
          <p role="status">Another question took the place of your text.</p>
          <Button look="quiet" onClick={onBringBack}>
            Bring my text back
          </Button>
        </div>
      )}
    </>
  );
}
