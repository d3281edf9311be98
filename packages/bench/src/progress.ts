const clearLine = "\r\u001b[K";

/** What is being done, since when and until about when: drawn over itself on a terminal, else a line for each step. */
export class Progress {
  readonly #startMs = performance.now();
  readonly #output: NodeJS.WriteStream;
  readonly #seconds: number;

  /** `seconds` are what all of it takes, by experience. */
  constructor(output: NodeJS.WriteStream, seconds: number) {
    this.#output = output;
    this.#seconds = seconds;
  }

  step(text: string): void {
    const line = `[${clock(this.#elapsed())} of about ${clock(this.#seconds)}] ${text}`;
    const { isTTY, columns } = this.#output;
    // Some terminals have no width.
    this.#output.write(isTTY ? clearLine + line.slice(0, columns || line.length) : `${line}\n`);
  }

  /** A line that stays. */
  say(text: string): void {
    this.#output.write(`${this.#output.isTTY ? clearLine : ""}${text}\n`);
  }

  #elapsed(): number {
    return (performance.now() - this.#startMs) / 1_000;
  }
}

function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
}
