import type { ZodError } from "zod";
import { toDotPath, type $ZodIssue } from "zod/v4/core"; // by `z.core`, all of zod would be bundled

/** Of a long list, each may be wrong in the same way. */
const MAX_NAMED = 20;

/** Each issue as `path: what is wrong`, in one line; of very many, the first and how many more there are. */
export function describeIssues(error: ZodError): string {
  const issues = error.issues.flatMap(alternative);
  const named = issues.slice(0, MAX_NAMED).map(({ path, message }) => `${toDotPath(path) || "the object"}: ${message}`);
  if (issues.length > MAX_NAMED) named.push(`and ${issues.length - MAX_NAMED} more`);
  return named.join("; ");
}

/** Where nothing of a union fits: what is wrong with the alternative that fits best. */
function alternative(issue: $ZodIssue): $ZodIssue[] {
  if (issue.code !== "invalid_union" || issue.errors.length === 0) return [issue];
  const [best = []] = issue.errors.toSorted((one, other) => one.length - other.length);
  return best.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
}
