import { useCallback, useEffect, useRef, useState } from "react";
import { BulkUpload } from "./bulk-upload.ts";
import type { UploadProgress } from "./upload-progress.ts";

export interface Upload extends UploadProgress {
  readonly fileName: string;
  /** Whether the result was downloaded. */
  readonly isSaved: boolean;
}

const nothingYet: UploadProgress = { isRunning: true, rows: 0, share: 0, faults: [], faultCount: 0 };

/** At most one file on its way; it ends with the page. */
export function useBulkUpload() {
  const running = useRef<BulkUpload | undefined>(undefined);
  const [upload, setUpload] = useState<Upload | undefined>(undefined);
  useEffect(() => () => running.current?.dispose(), []);

  const start = useCallback((file: File) => {
    running.current?.dispose();
    const next = new BulkUpload(file, (change) => {
      if (running.current === next) setUpload((before) => before && { ...before, ...change });
    });
    running.current = next;
    setUpload({ ...nothingYet, fileName: file.name, isSaved: false });
    void next.run();
  }, []);
  const stop = useCallback(() => running.current?.stop(), []);
  const retry = useCallback(() => running.current?.retry(), []);
  const save = useCallback(() => setUpload((before) => before && { ...before, isSaved: true }), []);
  return { upload, start, stop, retry, save };
}
