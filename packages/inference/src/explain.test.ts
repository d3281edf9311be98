import { fileURLToPath } from "node:url";
import { readBundle } from "@tagsmith/model-bundle/bundle";
import { createPredictor, type Predictor } from "@tagsmith/model-bundle/predictor";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { explain } from "./explain.ts";
import type { Engine } from "./model-access.ts";

const shipped = ["bundle", "large"].map((name) => fileURLToPath(new URL(`../../training/${name}`, import.meta.url)));

const questions = [
  { title: "How to merge two dataframes on a column in pandas?", body: "" },
  {
    title: "NullPointerException when I autowire a bean in Spring Boot",
    body: "<p>The service is <b>null</b> in my test.</p>",
  },
  {
    title: "Center a div vertically",
    body: "<p>I tried flexbox, but the div stays at the top of the div around it:</p><pre><code>.outer { display: flex; }</code></pre>",
  },
  {
    title: "React hook runs twice: useEffect, React and a useEffect in StrictMode",
    body: "<p>React 18, useEffect(() =&gt; load())</p>",
  },
];

describe.each(shipped)("%s", (folder) => {
  let predictor: Predictor;
  let engine: Engine;

  beforeAll(async () => {
    predictor = await createPredictor(await readBundle(folder));
    engine = { ...predictor, manifestSha256: "0".repeat(64), concurrency: 1, runMs: 0.01 };
  });

  afterAll(() => predictor.close());

  it.each(questions)("what is claimed of a word is what taking it out of the text does: $title", async (question) => {
    const { explanations } = await explain(engine, question);
    expect(explanations.length).toBeGreaterThan(0);
    for (const { tag, confidence, words } of explanations) {
      const label = predictor.manifest.labels.indexOf(tag);
      const ask = async (asked: typeof question) => (await predictor.predict([asked]))[0]?.[label] ?? Number.NaN;
      expect(await ask(question)).toBeCloseTo(confidence, 6);
      for (const { spans, drop } of words)
        expect(await ask(without(question, spans))).toBeCloseTo(confidence - drop, 5);
    }
  });

  it.each(questions)(
    "the word that is marked first speaks for its tag, and each span is that word: $title",
    async (question) => {
      const { explanations } = await explain(engine, question);
      for (const { words } of explanations) {
        expect(words[0]?.drop).toBeGreaterThan(0.01);
        for (const { text, spans } of words) {
          const marked = spans.map(({ field, start, end }) => question[field].slice(start, end).toLowerCase());
          expect(new Set(marked)).toEqual(new Set([text.toLowerCase()]));
        }
      }
    },
  );
});

type Span = Awaited<ReturnType<typeof explain>>["explanations"][number]["words"][number]["spans"][number];

/** The question with each span blanked, from the last one on so that those before keep their place. */
function without(question: (typeof questions)[number], spans: readonly Span[]) {
  const left = { ...question };
  for (const { field, start, end } of spans.toSorted((one, other) => other.start - one.start)) {
    left[field] = `${left[field].slice(0, start)} ${left[field].slice(end)}`;
  }
  return left;
}
