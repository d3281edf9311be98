import type { Upload } from "../use-bulk-upload.ts";
import { counted } from "../question.ts";
import { Button, ButtonAnchor } from "./button.tsx";
import { failureText } from "./failure-text.ts";
import { Notice } from "./notice.tsx";
import { Panel } from "./panel.tsx";
import { Progress } from "./progress.tsx";
import { RetryActions } from "./retry-actions.tsx";
import { RowFaults } from "./row-faults.tsx";

interface Props {
  readonly upload: Upload;
  readonly onRetry: () => void;
  readonly onStop: () => void;
  readonly onSave: () => void;
}

/** A file on its way: how far it is, what holds it up, what came of it. */
export function BulkUploadPanel({ upload, onRetry, onStop, onSave }: Props) {
  const { fileName, isRunning, rows, share, faults, faultCount, waiting, result, refusal } = upload;
  return (
    <Panel title={<bdi translate="no">{fileName}</bdi>} actions={isRunning && <Button onClick={onStop}>Cancel</Button>}>
      <div className="grid grid-cols-1 gap-5">
        <Progress label="Tagged" share={share} detail={`${counted(rows, "row")}, ${Math.floor(100 * share)} %`} />
        {waiting && <Waiting {...waiting} onRetry={onRetry} onStop={onStop} />}
        {refusal !== undefined && (
          <Notice kind="danger" title="The file can’t be read">
            <p>{refusal}</p>
          </Notice>
        )}
        {result && <Result {...result} upload={upload} onSave={onSave} />}
        {faultCount > 0 && <RowFaults faults={faults} count={faultCount} />}
      </div>
    </Panel>
  );
}

function Waiting({
  failure,
  inSeconds,
  ...actions
}: NonNullable<Upload["waiting"]> & Pick<Props, "onRetry" | "onStop">) {
  return (
    <Notice
      kind="caution"
      title={failureText(failure).title}
      actions={<RetryActions inSeconds={inSeconds} isPending={false} {...actions} />}
    >
      <p>Nothing is lost. It goes on with the next row as soon as the service answers.</p>
    </Notice>
  );
}

function Result({ url, isWhole, upload, onSave }: NonNullable<Upload["result"]> & Pick<Props, "upload" | "onSave">) {
  const { rows, faultCount, fileName } = upload;
  const title = isWhole ? "The file is done" : "The file is not done";
  const failed = faultCount === 0 ? "" : ` ${counted(faultCount, "row")} could not be tagged; each says why.`;
  return (
    <Notice
      kind={isWhole ? "success" : "caution"}
      title={title}
      actions={
        <ButtonAnchor href={url} download={fileName.replace(/(\.[^.]*)?$/, "-tagged$1")} onClick={onSave}>
          Download the result
        </ButtonAnchor>
      }
    >
      <p>
        {isWhole
          ? `${counted(rows, "row")} in all.`
          : `The first ${rows === 1 ? "row" : counted(rows, "row")} can be downloaded.`}
        {failed}
      </p>
    </Notice>
  );
}
