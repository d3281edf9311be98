import { bulkLimits, type RowFault, type SliceResult } from "./bulk.ts";
import type { Failure } from "./failure.ts";
import { Countdown } from "./generator/countdown.ts";
import { sendSlice, type SendSlice, type SliceAnswer } from "./send-slice.ts";
import type { UploadProgress } from "./upload-progress.ts";

/** More of them than anybody reads on a page: the result names all. */
const shownFaults = 100;
const noRow = `No row ends within ${bulkLimits.sliceBytes} bytes from here.`;
const unreadable = "The file can’t be read any more. It may have been changed or removed: choose it again.";

/** Where the next slice begins, how long it may be, and what is to be sent with it. */
interface Next {
  readonly begin: number;
  readonly bytes: number;
  readonly cursor: string;
}

/** A file on its way through the service, slice by slice: each is sent from where the last answered row ended. */
export class BulkUpload {
  readonly #file: File;
  readonly #send: SendSlice;
  readonly #tell: (change: Partial<UploadProgress>) => void;
  readonly #countdown = new Countdown();
  readonly #stopping = new AbortController();
  readonly #texts: Blob[] = [];
  readonly #faults: RowFault[] = [];
  #next: Next = { begin: 0, bytes: bulkLimits.firstSliceBytes, cursor: "" };
  #rows = 0;
  #faultCount = 0;
  #failures = 0;
  #url: string | undefined;
  #isDisposed = false;
  #endWait: () => void = () => undefined;

  constructor(file: File, tell: (change: Partial<UploadProgress>) => void, send: SendSlice = sendSlice) {
    this.#file = file;
    this.#tell = tell;
    this.#send = send;
  }

  /** Resolves when the file is done, can't be read on, or was stopped. */
  async run(): Promise<void> {
    const { signal } = this.#stopping;
    for (;;) {
      const next = await this.#read();
      const answer = next ? await this.#ask(next.form) : { refusal: unreadable };
      if (signal.aborted || "refusal" in answer) {
        this.#end(false, "refusal" in answer ? answer.refusal : undefined);
        return;
      }
      if ("slice" in answer && !this.#take(answer.slice)) {
        this.#end(false, noRow);
        return;
      }
      const { failure, isBroken } = "slice" in answer ? answer.slice : { failure: answer.failure, isBroken: false };
      if (failure) await this.#wait(failure);
      else if (isBroken || next?.isLast) {
        this.#end(!isBroken);
        return;
      }
    }
  }

  /** Ends the wait for the service now. */
  retry(): void {
    this.#endWait();
  }

  /** What was answered so far stays. */
  stop(): void {
    this.#stopping.abort();
    this.#endWait();
  }

  /** Nobody looks at it any longer. */
  dispose(): void {
    this.#isDisposed = true;
    this.stop();
    if (this.#url !== undefined) URL.revokeObjectURL(this.#url);
  }

  async #ask(form: FormData): Promise<SliceAnswer> {
    try {
      return await this.#send(form, this.#stopping.signal);
    } catch {
      return { failure: { kind: "unreachable" } };
    }
  }

  async #read(): Promise<{ form: FormData; isLast: boolean } | undefined> {
    const { begin, bytes, cursor } = this.#next;
    const end = Math.min(this.#file.size, begin + bytes);
    const isLast = end === this.#file.size;
    const form = new FormData();
    try {
      form.append("file", new Blob([await this.#file.slice(begin, end).arrayBuffer()]), this.#file.name);
    } catch {
      return undefined;
    }
    form.append("isLast", String(isLast));
    if (cursor !== "") form.append("cursor", cursor);
    return { form, isLast };
  }

  /** Gives whether the next slice will be another one. */
  #take({ text, rows, faults, consumedBytes, cursor, failure, isBroken }: SliceResult): boolean {
    this.#texts.push(new Blob([text]));
    this.#rows += rows;
    this.#faults.push(...faults.slice(0, shownFaults - this.#faults.length));
    this.#faultCount += faults.length;
    if (rows > 0) this.#failures = 0;
    // A row that is larger than its slice gets a larger one.
    const before = this.#next;
    const bytes = rows > 0 || failure ? before.bytes : Math.min(bulkLimits.sliceBytes, 2 * before.bytes);
    this.#next = { begin: before.begin + consumedBytes, bytes, cursor };
    this.#tell({
      rows: this.#rows,
      share: this.#next.begin / this.#file.size,
      faults: [...this.#faults],
      faultCount: this.#faultCount,
    });
    const isLast = before.begin + before.bytes >= this.#file.size;
    return rows > 0 || bytes > before.bytes || isLast || isBroken || failure !== undefined;
  }

  #wait(failure: Failure): Promise<void> {
    this.#failures += 1;
    const seconds = "retryAfterSeconds" in failure ? failure.retryAfterSeconds : 2 ** (this.#failures - 1);
    return new Promise((resolve) => {
      this.#endWait = () => {
        this.#countdown.stop();
        this.#tell({ waiting: undefined });
        resolve();
      };
      this.#countdown.start(seconds, {
        onTick: (inSeconds) => this.#tell({ waiting: { failure, inSeconds } }),
        onEnd: () => this.#endWait(),
      });
    });
  }

  #end(isWhole: boolean, refusal?: string): void {
    if (this.#isDisposed) return; // a result that has an address stays in memory as long as the page
    if (this.#rows === 0 && !isWhole) {
      this.#tell({ refusal, isRunning: false });
      return;
    }
    this.#url = URL.createObjectURL(new Blob(this.#texts));
    const share = isWhole ? 1 : this.#next.begin / this.#file.size;
    this.#tell({ refusal, share, isRunning: false, result: { url: this.#url, isWhole } });
  }
}
