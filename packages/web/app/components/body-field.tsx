import { useState, type ClipboardEvent } from "react";
import { insertRich, type RichPaste } from "../generator/paste.ts";
import { limits } from "../limits.ts";
import { BodyPreview } from "./body-preview.tsx";
import { Button } from "./button.tsx";
import { Counter } from "./counter.tsx";
import { TextArea } from "./field.tsx";

interface Props {
  readonly value: string;
  readonly onChange: (body: string) => void;
  readonly error: string | undefined;
}

/** The body. What is pasted from a page keeps its code blocks, and a preview shows how the markup is read. */
export function BodyField({ value, onChange, error }: Props) {
  const [paste, setPaste] = useState<RichPaste>();
  const [isPreviewed, setPreviewed] = useState(false);

  const onPaste = (event: ClipboardEvent<HTMLTextAreaElement>) => {
    const html = event.clipboardData.getData("text/html");
    if (html === "") return;
    event.preventDefault();
    void insertRich(event.currentTarget, { html, text: event.clipboardData.getData("text/plain") }).then(setPaste);
  };

  /** The button that had the focus goes with its notice. */
  const takePlain = ({ field, plain }: RichPaste) => {
    onChange(plain);
    field.focus();
  };
  return (
    <div>
      <TextArea
        label="Body"
        name="body"
        rows={11}
        dir="auto"
        hint="Plain text, Markdown or HTML with code. More of it makes better tags, but it may be empty."
        value={value}
        onChange={({ target }) => onChange(target.value)}
        onPaste={onPaste}
        error={error}
        aside={<Counter count={value.length} most={limits.bodyCharacters} />}
      />
      {paste?.result === value && (
        <div className="mt-3 flex flex-wrap items-center gap-x-4 gap-y-2 rounded-control bg-plate px-4 py-2">
          <p role="status">Pasted with its paragraphs and code.</p>
          <Button look="quiet" onClick={() => takePlain(paste)}>
            Use the plain text instead
          </Button>
        </div>
      )}
      {/<[a-z]/i.test(value) && (
        <details
          onToggle={({ currentTarget }) => setPreviewed(currentTarget.open)}
          className="mt-3 rounded-control border border-line bg-surface px-4 py-3 noscript:hidden print:hidden"
        >
          <summary className="cursor-pointer font-medium">Preview of the body</summary>
          {isPreviewed && <BodyPreview body={value} />}
        </details>
      )}
    </div>
  );
}
