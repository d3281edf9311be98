/** Every other address. As a route of ours it has the root's data, so that the error page comes in the chosen theme. */
export function loader(): never {
  throw new Response(null, { status: 404 });
}

export const action = loader;

/** Never rendered; but without a component, Remix takes the route for one that has no page, and answers without one. */
export default function Nowhere() {
  return null;
}
