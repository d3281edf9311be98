/** The page begins anew at its heading, for whoever hears it or goes by keyboard. */
export const focusHeading = () => document.querySelector("h1")?.focus({ preventScroll: true });
