export function SiteFooter() {
  return (
    <footer className="border-t border-line print:hidden">
      <p className="mx-auto max-w-6xl px-4 py-6 text-sm text-muted sm:px-6">
        Your question is read by the model and then forgotten: it is neither stored nor logged here, unless you ask for
        it in your feedback.
      </p>
    </footer>
  );
}
