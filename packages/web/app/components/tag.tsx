const looks = {
  suggested: "bg-tint font-semibold text-on-tint",
  plain: "bg-plate text-sm text-muted",
} as const;

/** A tag as a luggage tag. It is a name: translated by the browser, “list” would be another tag. */
export function Tag({ name, look }: { name: string; look: keyof typeof looks }) {
  return (
    <span translate="no" className={`tag-shape ${looks[look]}`}>
      {name}
    </span>
  );
}
