import { grouped } from "../question.ts";
import { useHydrated } from "../use-hydrated.ts";

/** How much of a field's room is used. Without scripts it could not count, so it names the limit alone. */
export function Counter({ count, most }: { count: number; most: number }) {
  const isHydrated = useHydrated();
  return (
    <span className={`text-sm ${count > most ? "font-semibold text-danger" : "text-muted"}`}>
      {isHydrated ? `${grouped(count)} of ${grouped(most)} characters` : `at most ${grouped(most)} characters`}
    </span>
  );
}
