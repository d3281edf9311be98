import { data, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { useRef, useState, type FormEvent, type RefObject } from "react";
import { BulkUploadPanel } from "../components/bulk-upload-panel.tsx";
import { Button } from "../components/button.tsx";
import { ConfirmDialog } from "../components/confirm-dialog.tsx";
import { Field } from "../components/field.tsx";
import { LeaveGuard } from "../components/leave-guard.tsx";
import { PageHeading } from "../components/page-heading.tsx";
import { useBulkUpload } from "../use-bulk-upload.ts";
import { useDroppedFile } from "../use-dropped-file.ts";

export const meta: MetaFunction = () => [
  { title: "Tag a file of questions · Tagsmith" },
  { name: "description", content: "Upload questions as CSV or JSON lines and get the same file back with their tags." },
];

export const loader = ({ context }: LoaderFunctionArgs) => ({ address: `${context.origin()}/bulk` });

/** What the server could not read: it answers a file itself, without a page. */
export const action = ({ context }: ActionFunctionArgs) => data({ refusal: context.bulkRefusal }, { status: 422 });

export default function Bulk() {
  const { address } = useLoaderData<typeof loader>();
  const refused = useActionData<typeof action>()?.refusal;
  const { upload, start, stop, retry, save } = useBulkUpload();
  const [next, setNext] = useState<File>();
  const field = useRef<HTMLInputElement>(null);
  useDroppedFile(field);
  const isUnsaved = upload !== undefined && (upload.isRunning || upload.result !== undefined) && !upload.isSaved;

  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const file = new FormData(event.currentTarget).get("file");
    if (!(file instanceof File)) return;
    // Without rows there is nothing to lose: a double click needs no question.
    if (isUnsaved && upload.rows > 0) setNext(file);
    else start(file);
  };
  return (
    <>
      <PageHeading title="Tag a whole file">
        Upload many questions at once. The same file comes back, in the same order, with the tags of each.
      </PageHeading>
      <div className="mt-8 grid grid-cols-1 gap-8 lg:grid-cols-[minmax(0,7fr)_minmax(0,5fr)] lg:gap-x-12">
        <div className="grid grid-cols-1 content-start gap-8">
          <FileForm field={field} error={upload ? undefined : refused} onSubmit={send} />
          {upload && <BulkUploadPanel upload={upload} onRetry={retry} onStop={stop} onSave={save} />}
          {isUnsaved && (
            <LeaveGuard title="Leave without the result?">
              What was tagged of <bdi translate="no">{upload.fileName}</bdi> is kept nowhere else.
            </LeaveGuard>
          )}
          {upload && next && (
            <ConfirmDialog
              title="Begin without the result?"
              action="Begin"
              onClose={(isConfirmed) => {
                setNext(undefined);
                if (isConfirmed) start(next);
              }}
            >
              What was tagged of <bdi translate="no">{upload.fileName}</bdi> is kept nowhere else.
            </ConfirmDialog>
          )}
        </div>
        <Format address={address} />
      </div>
    </>
  );
}

interface FileFormProps {
  readonly field: RefObject<HTMLInputElement>;
  readonly error: string | undefined;
  readonly onSubmit: (event: FormEvent<HTMLFormElement>) => void;
}

function FileForm({ field, error, onSubmit }: FileFormProps) {
  return (
    <form
      method="post"
      action="/bulk"
      encType="multipart/form-data"
      onSubmit={onSubmit}
      className="grid grid-cols-1 content-start gap-6"
    >
      <Field label="File" hint="CSV or JSON lines, in UTF-8." error={error}>
        {(attributes) => (
          <input
            ref={field}
            type="file"
            name="file"
            required
            accept=".csv,.tsv,.jsonl,.ndjson,text/csv"
            {...attributes}
            className={`${attributes.className} file:mr-3 file:rounded-[0.375rem] file:bg-plate file:px-3 file:py-1 file:text-sm file:font-medium file:text-ink`}
          />
        )}
      </Field>
      <Button type="submit" look="primary" className="justify-self-start">
        Tag the file
      </Button>
    </form>
  );
}

function Format({ address }: { address: string }) {
  return (
    <section aria-labelledby="format" className="grid content-start gap-4">
      <h2 id="format" className="text-xl font-bold tracking-tight">
        What the file holds
      </h2>
      <p>
        Each row is a question: a column <Name>title</Name> and, if there is one, a column <Name>body</Name>. Whatever
        else a row has stays in it.
      </p>
      <Sample label="As CSV">{'id,title,body\n1,"Sort a list of dicts, by a key",In Python 3.'}</Sample>
      <Sample label="As JSON lines">{'{"title":"Sort a list of dicts, by a key","body":"In Python 3."}'}</Sample>
      <p>
        The result adds <Name>suggested_tags</Name>, <Name>confidences</Name> and <Name>model</Name>, the version that
        gave the tags, or, where a row can’t be tagged, <Name>error</Name>. Your file is neither kept nor logged.
      </p>
      <Sample label="From a terminal">{`curl -F file=@questions.csv \\\n  -o tagged.csv \\\n  ${address}`}</Sample>
    </section>
  );
}

/** A column's name, which a browser must not translate. */
function Name({ children }: { children: string }) {
  return <code translate="no">{children}</code>;
}

function Sample({ label, children }: { label: string; children: string }) {
  return (
    <figure className="min-w-0">
      <figcaption className="text-sm text-muted">{label}</figcaption>
      <pre translate="no" className="mt-1.5 rounded-control bg-plate p-3 text-sm wrap-anywhere whitespace-pre-wrap">
        <code>{children}</code>
      </pre>
    </figure>
  );
}
