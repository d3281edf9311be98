import { useId, type ComponentProps, type ReactNode } from "react";

interface Described {
  readonly label: string;
  readonly hint?: ReactNode;
  /** Named beside the field and read with it; a field that has one is marked as invalid. */
  readonly error?: string | undefined;
  /** Stands at the label's right, such as a counter. */
  readonly aside?: ReactNode;
}

interface ControlAttributes {
  readonly id: string;
  readonly className: string;
  readonly "aria-invalid": boolean;
  readonly "aria-describedby": string | undefined;
  readonly autoFocus: boolean;
}

interface FieldProps extends Described {
  readonly children: (attributes: ControlAttributes) => ReactNode;
}

const controlClass =
  "mt-1.5 block w-full rounded-control border border-edge bg-surface px-3 py-2.5 aria-invalid:border-danger";

/**
 * A label, its control, an error and a hint, tied together. TextField and TextArea are fields; so is any other control.
 * A page that a form without scripts brings back begins at its first error.
 */
export function Field({ label, hint, error, aside, children }: FieldProps) {
  const id = useId();
  const describedBy = [error !== undefined && `${id}-error`, hint !== undefined && `${id}-hint`].filter(Boolean);
  return (
    <div>
      <div className="flex items-baseline justify-between gap-4">
        <label htmlFor={id} className="font-semibold">
          {label}
        </label>
        {aside}
      </div>
      {children({
        id,
        className: controlClass,
        "aria-invalid": error !== undefined,
        "aria-describedby": describedBy.join(" ") || undefined,
        autoFocus: error !== undefined,
      })}
      {error !== undefined && (
        <p id={`${id}-error`} className="mt-1.5 font-medium text-danger">
          {error}
        </p>
      )}
      {hint !== undefined && (
        <p id={`${id}-hint`} className="mt-1.5 text-sm text-muted">
          {hint}
        </p>
      )}
    </div>
  );
}

/** One line of text. */
export function TextField({ label, hint, error, aside, ...input }: Described & ComponentProps<"input">) {
  return (
    <Field {...{ label, hint, error, aside }}>{(attributes) => <input type="text" {...attributes} {...input} />}</Field>
  );
}

/** Many lines of text, which may be code. An iPhone zooms a page in, and leaves it so, when a field of less than 16 px is touched. */
export function TextArea({ label, hint, error, aside, ...textarea }: Described & ComponentProps<"textarea">) {
  return (
    <Field {...{ label, hint, error, aside }}>
      {({ className, ...attributes }) => (
        <textarea
          spellCheck={false}
          className={`${className} min-h-40 font-mono text-sm leading-relaxed pointer-coarse:text-base`}
          {...attributes}
          {...textarea}
        />
      )}
    </Field>
  );
}
