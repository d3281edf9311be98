/** Moves the focus to the heading, where screen readers and the keyboard begin again. */
export const focusHeading = () => document.querySelector("h1")?.focus({ preventScroll: true });
