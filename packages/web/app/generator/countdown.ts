const longestWaitSeconds = 30;

/** Counts whole seconds down to an end; one at a time, and none after `stop`. */
export class Countdown {
  #timer: ReturnType<typeof setInterval> | undefined;

  /** Begins at one second at least, and at half a minute at most. Tells the seconds that are left, at once and then each second; at none left it ends. */
  start(seconds: number, { onTick, onEnd }: { onTick: (left: number) => void; onEnd: () => void }): void {
    this.stop();
    let left = Math.min(longestWaitSeconds, Math.max(1, Math.ceil(seconds)));
    onTick(left);
    this.#timer = setInterval(() => {
      left -= 1;
      if (left > 0) {
        onTick(left);
        return;
      }
      this.stop();
      onEnd();
    }, 1_000);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
