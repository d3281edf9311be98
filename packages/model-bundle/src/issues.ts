import type { ZodError } from "zod";
import { toDotPath, type $ZodIssue } from "zod/v4/core"; // by `z.core`, all of zod would be bundled

/** Each issue as `path: what is wrong`, in one line. */
export function describeIssues(error: ZodError): string {
  return error.issues
    .flatMap(alternative)
    .map(({ path, message }) => `${toDotPath(path) || "the object"}: ${message}`)
    .join("; ");
}

/** Where nothing of a union fits: what is wrong with the alternative that fits best. */
function alternative(issue: $ZodIssue): $ZodIssue[] {
  if (issue.code !== "invalid_union" || issue.errors.length === 0) return [issue];
  const [best = []] = issue.errors.toSorted((one, other) => one.length - other.length);
  return best.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
}
