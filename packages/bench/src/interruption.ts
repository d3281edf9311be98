/** A terminal sends Ctrl-C to npm as well, which passes it on: the same one comes twice. */
const sameSignalMs = 1_000;

/** The first Ctrl-C ends the children and keeps what there is, the second ends at once. */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  let firstMs: number | undefined;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      firstMs ??= performance.now();
      if (performance.now() - firstMs > sameSignalMs) process.exit(130);
      controller.abort(new Error("interrupted"));
    });
  }
  return controller.signal;
}
