import { Button } from "./button.tsx";

interface Props {
  /** Absent where nothing is counted down: the visitor stopped it, or the question is being asked again. */
  readonly inSeconds: number | undefined;
  readonly isPending: boolean;
  readonly onRetry: () => void;
  readonly onStop: () => void;
}

/** A failed question is asked again by itself; the visitor may hasten or stop it. */
export function RetryActions({ inSeconds, isPending, onRetry, onStop }: Props) {
  return (
    <>
      <Button onClick={onRetry} aria-disabled={isPending}>
        Try now
      </Button>
      {inSeconds !== undefined && (
        <>
          <Button look="quiet" onClick={onStop}>
            Stop trying
          </Button>
          <span role="timer" className="text-sm tabular-nums">
            {`Trying again in ${inSeconds} s`}
          </span>
        </>
      )}
      {isPending && <span className="text-sm">Trying again…</span>}
    </>
  );
}
