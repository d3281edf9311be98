import { useEffect, useState } from "react";
import type { readHtml as readHtmlType } from "../generator/rich-text.ts";
import { RichText } from "./rich-text.tsx";

/** A body as a reader of the question sees it. The parser is loaded when it is first shown, and what didn't come each time. */
export function BodyPreview({ body }: { body: string }) {
  const [readHtml, setReadHtml] = useState<typeof readHtmlType | "failed">();
  useEffect(() => {
    import("../generator/rich-text.ts").then(
      (loaded) => setReadHtml(() => loaded.readHtml),
      () => setReadHtml("failed"),
    );
  }, []);
  if (readHtml === undefined) return <p className="mt-2 text-muted">Loading…</p>;
  if (readHtml === "failed") {
    return (
      <p role="alert" className="mt-2">
        The preview did not load: the connection broke. Close it, and open it again in a moment.
      </p>
    );
  }
  return (
    <div role="region" aria-label="Preview of the body" tabIndex={0} className="mt-2 max-h-80 overflow-auto">
      <RichText nodes={readHtml(body)} />
    </div>
  );
}
