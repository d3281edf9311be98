import type { ReactNode } from "react";

const kinds = {
  info: { frame: "border-edge bg-plate", heading: "text-ink", role: "status" },
  success: { frame: "border-success bg-success-tint", heading: "text-success", role: "status" },
  caution: { frame: "border-caution bg-caution-tint", heading: "text-caution", role: "status" },
  danger: { frame: "border-danger bg-danger-tint", heading: "text-danger", role: "alert" },
} as const;

interface Props {
  readonly kind: keyof typeof kinds;
  readonly title: string;
  readonly children?: ReactNode;
  /** What the visitor can do about it. It isn't read aloud with the rest, so it may change each second. */
  readonly actions?: ReactNode;
}

/** Something that the visitor should know; it is read aloud when it appears, danger at once. */
export function Notice({ kind, title, children, actions }: Props) {
  const { frame, heading, role } = kinds[kind];
  return (
    <div className={`rounded-panel border p-5 ${frame}`}>
      <div role={role}>
        <h2 className={`text-lg font-bold tracking-tight ${heading}`}>{title}</h2>
        {children !== undefined && <div className="mt-1.5">{children}</div>}
      </div>
      {actions !== undefined && <div className="mt-4 flex flex-wrap items-center gap-3">{actions}</div>}
    </div>
  );
}
