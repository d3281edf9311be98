/**
 * Whether a page's own request got no answer of this site's: `fetch` throws a TypeError for every network error, and Remix this
 * one for what isn't its answer, as a gateway's own page. What the server throws comes as another Error.
 */
export const isNoAnswer = (error: unknown): boolean =>
  error instanceof TypeError ||
  (error instanceof Error && error.message.startsWith("Unable to decode turbo-stream response"));
