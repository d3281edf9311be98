/**
 * Calls `end` when the process that started this one with a channel is gone, as `npm start` without a chance to end what
 * it started: killed outright, or with its terminal.
 */
export function onParentGone(end: () => void): void {
  process.once("disconnect", end);
  // A start that fails has nothing else to hold it up.
  process.channel?.unref();
}
