const looks = {
  suggested: "bg-tint font-semibold text-on-tint",
  plain: "bg-plate text-sm text-muted",
} as const;

/** A tag as a luggage tag. */
export function Tag({ name, look }: { name: string; look: keyof typeof looks }) {
  return <span className={`tag-shape ${looks[look]}`}>{name}</span>;
}
