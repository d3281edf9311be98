import { useId } from "react";

interface Props {
  readonly label: string;
  /** From 0 to 1; absent while nobody knows how much there is to do. */
  readonly share?: number | undefined;
  /** The same in words, such as "1,200 of 10,000 rows". */
  readonly detail?: string;
}

/** How far a long piece of work has come: the browser's own element, so that it is read aloud as one. */
export function Progress({ label, share, detail }: Props) {
  const id = useId();
  return (
    <div>
      <div className="flex items-baseline justify-between gap-4">
        <label htmlFor={id} className="font-semibold">
          {label}
        </label>
        {detail !== undefined && <span className="text-sm text-muted">{detail}</span>}
      </div>
      <progress id={id} value={share} max={1} className="mt-1.5 block h-2 w-full" />
    </div>
  );
}
