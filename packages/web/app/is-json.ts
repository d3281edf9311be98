/** Whether an answer is one that a script reads; a gateway's own page is not. */
export const isJson = ({ headers }: Response): boolean =>
  headers.get("content-type")?.startsWith("application/json") ?? false;
