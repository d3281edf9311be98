/** A paste whose markup was kept, and the text as it would be without. */
export interface RichPaste {
  readonly field: HTMLTextAreaElement;
  readonly result: string;
  readonly plain: string;
}

interface Pasted {
  readonly html: string;
  readonly text: string;
}

/**
 * Puts what was pasted into the field in the place of its selection: cleaned markup where there is any, else the text.
 * Resolves to both versions where they differ. The parser is loaded by the first paste that has markup; without it, the text
 * has to do.
 */
export async function insertRich(field: HTMLTextAreaElement, pasted: Pasted): Promise<RichPaste | undefined> {
  const text = withLineFeeds(pasted.text);
  const inserted = (await cleanMarkup(withLineFeeds(pasted.html)).catch(() => undefined)) ?? text;
  const { value, selectionStart, selectionEnd } = field;
  const around = (middle: string) => value.slice(0, selectionStart) + middle + value.slice(selectionEnd);
  field.focus();
  insertAsTyped(inserted);
  return inserted === text ? undefined : { field, result: around(inserted), plain: around(text) };
}

/**
 * As if it were typed, so that the browser's own undo takes it back. Chromium inserts a text line by line, which takes it
 * half a minute for some thousands; markup goes in at once. The others take no markup in such a field, and say so.
 */
function insertAsTyped(text: string): void {
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  /* eslint-disable @typescript-eslint/no-deprecated -- nothing else keeps the undo history */
  if (!document.execCommand("insertHTML", false, escaped)) document.execCommand("insertText", false, text);
  /* eslint-enable @typescript-eslint/no-deprecated */
}

/** Undefined where there is none. Rejects where the parser can't be loaded. */
async function cleanMarkup(html: string): Promise<string | undefined> {
  const [{ hasMarkup, readHtml }, { writeHtml }] = await Promise.all([
    import("./rich-text.ts"),
    import("./write-html.ts"),
  ]);
  const nodes = readHtml(html);
  return hasMarkup(nodes) ? writeHtml(nodes) : undefined;
}

/** As a field holds its lines, whatever the system's clipboard has between them. */
const withLineFeeds = (text: string) => text.replaceAll("\r\n", "\n");
