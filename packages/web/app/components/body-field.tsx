import { useState, type ClipboardEvent } from "react";
import { hasMarkup, readHtml, toHtml } from "../generator/rich-text.ts";
import { limits } from "../limits.ts";
import { useHydrated } from "../use-hydrated.ts";
import { Button } from "./button.tsx";
import { Counter } from "./counter.tsx";
import { TextArea } from "./field.tsx";
import { RichText } from "./rich-text.tsx";

interface Props {
  readonly value: string;
  readonly onChange: (body: string) => void;
  readonly error: string | undefined;
  readonly autoFocus: boolean;
}

/** A paste whose markup was kept, and the text as it would be without. */
interface RichPaste {
  readonly result: string;
  readonly plain: string;
}

/** The body. What is pasted from a page keeps its code blocks, and a preview shows how the markup is read. */
export function BodyField({ value, onChange, error, autoFocus }: Props) {
  const [paste, setPaste] = useState<RichPaste>();
  const isHydrated = useHydrated();

  const onPaste = (event: ClipboardEvent<HTMLTextAreaElement>) => {
    const html = pastedHtml(event.clipboardData);
    if (html === undefined) return;
    event.preventDefault();
    const { selectionStart, selectionEnd } = event.currentTarget;
    const around = (text: string) => value.slice(0, selectionStart) + text + value.slice(selectionEnd);
    const plain = around(event.clipboardData.getData("text/plain"));
    // As if it were typed, so that the browser's own undo takes it back.
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- nothing else keeps the undo history
    if (!document.execCommand("insertText", false, html)) onChange(around(html));
    setPaste({ result: around(html), plain });
  };

  const nodes = isHydrated && value.includes("<") ? readHtml(value) : [];
  return (
    <div>
      <TextArea
        label="Body"
        name="body"
        rows={11}
        hint="Plain text, Markdown or HTML with code. More of it makes better tags, but it may be empty."
        value={value}
        onChange={({ target }) => onChange(target.value)}
        onPaste={onPaste}
        error={error}
        aside={<Counter count={value.length} most={limits.bodyCharacters} />}
        autoFocus={autoFocus}
      />
      {paste?.result === value && (
        <div className="mt-3 flex flex-wrap items-center gap-x-4 gap-y-2 rounded-control bg-plate px-4 py-2">
          <p role="status">Pasted with its paragraphs and code.</p>
          <Button look="quiet" onClick={() => onChange(paste.plain)}>
            Use the plain text instead
          </Button>
        </div>
      )}
      {hasMarkup(nodes) && (
        <details className="mt-3 rounded-control border border-line bg-surface px-4 py-3">
          <summary className="cursor-pointer font-medium">Preview of the body</summary>
          <div role="region" aria-label="Preview of the body" tabIndex={0} className="mt-2 max-h-80 overflow-auto">
            <RichText nodes={nodes} />
          </div>
        </details>
      )}
    </div>
  );
}

/** Undefined where the plain text says as much. */
function pastedHtml(clipboard: DataTransfer): string | undefined {
  const nodes = readHtml(clipboard.getData("text/html"));
  return hasMarkup(nodes) ? toHtml(nodes) : undefined;
}
