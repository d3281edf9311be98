import { Link, type LinkProps } from "@remix-run/react";
import type { ComponentProps } from "react";

const looks = {
  primary: "bg-ember px-6 py-3 font-semibold text-on-ember hover:bg-ember-deep",
  secondary: "border border-edge bg-surface px-3.5 py-2 text-sm font-medium hover:bg-plate",
  quiet: "px-2 py-1 text-sm font-medium text-muted hover:bg-plate hover:text-ink",
  danger: "border border-danger bg-surface px-3.5 py-2 text-sm font-medium text-danger hover:bg-danger-tint",
} as const;

interface Look {
  /** One primary button a page, for what the page is for. */
  readonly look?: keyof typeof looks;
}

const shape =
  "inline-flex items-center justify-center gap-2 rounded-control text-center active:translate-y-px disabled:pointer-events-none disabled:opacity-50 aria-disabled:opacity-50";

/** Submits nothing unless `type="submit"` says so. */
export function Button({
  look = "secondary",
  className = "",
  type = "button",
  ...rest
}: ComponentProps<"button"> & Look) {
  return <button type={type} className={`${shape} ${looks[look]} ${className}`} {...rest} />;
}

/** A link that looks like a button: it leads somewhere and changes nothing. */
export function ButtonLink({ look = "secondary", className = "", ...rest }: LinkProps & Look) {
  return <Link className={`${shape} ${looks[look]} ${className}`} {...rest} />;
}

/** The same for another server's page, which is loaded anew, or for a file to save. */
export function ButtonAnchor({ look = "secondary", className = "", ...rest }: ComponentProps<"a"> & Look) {
  return <a className={`${shape} ${looks[look]} ${className}`} {...rest} />;
}
