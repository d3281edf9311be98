/**
 * Puts text on the clipboard and resolves to whether that went well. A page that was not loaded over HTTPS has no
 * clipboard of its own, so there the browser's copy command is sent from a field that holds the text.
 */
export async function copyText(text: string): Promise<boolean> {
  if (!("clipboard" in navigator)) return copyByCommand(text);
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyByCommand(text);
  }
}

function copyByCommand(text: string): boolean {
  const focused = document.activeElement;
  const field = document.createElement("textarea");
  field.value = text;
  field.readOnly = true;
  field.className = "fixed top-0 opacity-0";
  document.body.append(field);
  field.select();
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- nothing else copies without HTTPS
  const isCopied = document.execCommand("copy");
  field.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return isCopied;
}
