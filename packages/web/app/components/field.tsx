import { useId, type ComponentProps } from "react";

interface FieldProps {
  readonly label: string;
  readonly name: "title" | "body";
  readonly hint: string;
  readonly error: string | undefined;
  readonly defaultValue: string;
  readonly required?: boolean;
  /** The field that a page without JavaScript puts the cursor in. */
  readonly autoFocus: boolean;
}

/** One line of text with its label, hint and error. */
export function TextField(props: FieldProps) {
  return <Field {...props} control={(attributes) => <input type="text" autoComplete="off" {...attributes} />} />;
}

/** Many lines of text, likewise. */
export function TextArea(props: FieldProps) {
  return <Field {...props} control={(attributes) => <textarea rows={11} spellCheck={false} {...attributes} />} />;
}

type ControlAttributes = Pick<
  ComponentProps<"input"> & ComponentProps<"textarea">,
  "id" | "name" | "defaultValue" | "required" | "autoFocus" | "aria-describedby" | "aria-invalid" | "className"
>;

interface Props extends FieldProps {
  readonly control: (attributes: ControlAttributes) => React.ReactNode;
}

function Field({ label, hint, error, control, required = false, ...attributes }: Props) {
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className="font-semibold">
        {label}
      </label>
      {control({
        ...attributes,
        id,
        required,
        "aria-invalid": error !== undefined,
        "aria-describedby": error === undefined ? `${id}-hint` : `${id}-error ${id}-hint`,
        className:
          "mt-1.5 block w-full rounded-control border border-edge bg-surface px-3 py-2.5 aria-invalid:border-danger" +
          (attributes.name === "body" ? " min-h-40 font-mono text-sm leading-relaxed" : ""),
      })}
      {error !== undefined && (
        <p id={`${id}-error`} className="mt-1.5 font-medium text-danger">
          {error}
        </p>
      )}
      <p id={`${id}-hint`} className="mt-1.5 text-sm text-muted">
        {hint}
      </p>
    </div>
  );
}
