import { Tabs } from "@base-ui/react/tabs";
import { useCopy } from "../generator/use-copy.ts";
import type { Snippet } from "../snippets.server.ts";
import { useHydrated } from "../use-hydrated.ts";
import { Button } from "./button.tsx";

/** One language at a time; where scripts don't run, all of them one below the other. */
export function SnippetTabs({ snippets }: { snippets: readonly Snippet[] }) {
  const { copy, message } = useCopy();
  const isHydrated = useHydrated();
  return (
    <Tabs.Root defaultValue={snippets[0]?.language}>
      <div className="flex flex-wrap items-center justify-between gap-2 noscript:hidden print:hidden">
        <Tabs.List aria-label="Language" className="flex flex-wrap gap-1 rounded-control bg-plate p-1">
          {snippets.map(({ language }) => (
            <Tabs.Tab
              key={language}
              value={language}
              className="rounded-[0.375rem] px-3 py-1.5 text-sm font-medium text-muted aria-selected:bg-surface aria-selected:text-ink"
            >
              {language}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <p role="status" className="text-sm">
          {message}
        </p>
      </div>
      {snippets.map(({ language, code }) => (
        <Tabs.Panel key={language} value={language} keepMounted tabIndex={-1} className="mt-3">
          <pre
            tabIndex={0}
            translate="no"
            role="region"
            aria-label={`Example in ${language}`}
            className="overflow-x-auto rounded-panel border border-line bg-surface p-4 text-sm leading-relaxed"
          >
            <code>{code}</code>
          </pre>
          {isHydrated && (
            <Button className="mt-3 print:hidden" onClick={() => void copy(code, `the ${language} example`)}>
              Copy the example
            </Button>
          )}
        </Tabs.Panel>
      ))}
    </Tabs.Root>
  );
}
