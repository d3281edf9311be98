import { Link } from "@remix-run/react";

/** Questions that fill the form. Each is an address of its own, so this needs no JavaScript. */
export function Examples({ titles }: { titles: readonly string[] }) {
  return (
    <section aria-labelledby="examples" className="print:hidden">
      <h2 id="examples" className="font-semibold">
        Or start from an example
      </h2>
      <ul className="mt-3 divide-y divide-line overflow-hidden rounded-panel border border-line bg-surface">
        {titles.map((title, index) => (
          <li key={title}>
            <Link
              to={`/?example=${index + 1}`}
              className="block px-4 py-3 leading-snug -outline-offset-2 hover:bg-tint hover:text-on-tint"
            >
              {title}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
