type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

interface Kept {
  readonly value: string;
  readonly isChecked: boolean;
}

/**
 * What is typed and chosen before the page comes to life is lost where React renders a field anew: each field, where an extension
 * such as Dark Reader has put elements of its own into the page; and it sets back a textarea that has come with a text. Returns
 * what puts all of it, and the focus, into the page that React has made.
 */
export function keepEarlyInput(): () => void {
  const kept = new Map<Field, Kept>();
  let focused = document.activeElement;
  const keep = (field: Field) => kept.set(field, { value: field.value, isChecked: isChecked(field) });
  const onInput = ({ target }: Event) => isField(target) && keep(target);
  const onFocus = () => (focused = document.activeElement);
  fieldsOfPage().filter(isChanged).forEach(keep);
  document.addEventListener("input", onInput, { capture: true });
  document.addEventListener("focusin", onFocus);

  return () => {
    document.removeEventListener("input", onInput, { capture: true });
    document.removeEventListener("focusin", onFocus);
    for (const [field, { value, isChecked }] of kept) {
      const now = successorOf(field);
      if (now) fill(now, { value, isChecked, files: filesOf(field) });
    }
    if (isField(focused) && !focused.isConnected) moveFocus(focused, successorOf(focused));
  };
}

const isField = (target: unknown): target is Field =>
  (target instanceof HTMLInputElement && target.type !== "hidden") ||
  target instanceof HTMLTextAreaElement ||
  target instanceof HTMLSelectElement;

const fieldsOfPage = () => [...document.querySelectorAll("input, textarea, select")].filter(isField);

const isChecked = (field: Field) => field instanceof HTMLInputElement && field.checked;

const filesOf = (field: Field) => (field instanceof HTMLInputElement ? field.files : null);

function isChanged(field: Field): boolean {
  if (field instanceof HTMLSelectElement) return [...field.options].some((one) => one.selected !== one.defaultSelected);
  if (field.value !== field.defaultValue) return true;
  return field instanceof HTMLInputElement && field.checked !== field.defaultChecked;
}

/** The field itself, or the one in its place; of radio buttons, the one of the same choice. */
function successorOf(field: Field): Field | undefined {
  if (field.isConnected) return field;
  const isChoice = field.type === "radio";
  return fieldsOfPage().find(
    ({ name, type, value }) => name === field.name && type === field.type && (!isChoice || value === field.value),
  );
}

/** React hears of a click, and of a change to a value that wasn't set through the element's own property, which it watches. */
function fill(field: Field, { value, isChecked: checked, files }: Kept & { files: FileList | null }): void {
  if (field instanceof HTMLInputElement && field.type === "file") field.files = files;
  else if (isChecked(field) !== checked) field.click();
  else if (field.value !== value) {
    Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), "value")?.set?.call(field, value);
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function moveFocus(from: Field, to: Field | undefined): void {
  to?.focus({ preventScroll: true });
  if (from instanceof HTMLSelectElement || to === undefined || to instanceof HTMLSelectElement) return;
  if (from.selectionStart !== null) to.setSelectionRange(from.selectionStart, from.selectionEnd);
}
