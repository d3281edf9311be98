import { readHtml } from "../generator/rich-text.ts";
import { RichText } from "./rich-text.tsx";

/** A body as a reader of the question sees it. */
export function BodyPreview({ body }: { body: string }) {
  return (
    <div role="region" aria-label="Preview of the body" tabIndex={0} className="mt-2 max-h-80 overflow-auto">
      <RichText nodes={readHtml(body)} />
    </div>
  );
}
