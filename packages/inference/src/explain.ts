import type { Question } from "@tagsmith/features/question";
import { words, type Word } from "@tagsmith/features/words";
import { askQuestions } from "./ask.ts";
import { engineDefaults } from "./engine.ts";
import { ServiceError } from "./errors.ts";
import { limits } from "./limits.ts";
import type { Asker, Engine } from "./model-access.ts";
import type { ExplainInput, ExplainOutput, WordEffect } from "./schemas.ts";
import { toMetadata, toTagging } from "./tagging.ts";

/** Smaller effects are noise of single-precision arithmetic. */
const smallestDrop = 1e-6;

/**
 * Why these tags: each distinct word is left out of the question in turn and the question predicted again, so what is
 * claimed of a word is what leaving it out does, whatever the model is. A heavy model is asked about fewer words, the
 * earliest. Throws `ServiceError` invalid_input for a tag that the model doesn't know, wrong_model for one that reads no text.
 */
export async function explain(engine: Engine, input: ExplainInput, asker?: Asker): Promise<ExplainOutput> {
  const question = asPredicted(input);
  const distinct = distinctWords(question);
  const startMs = performance.now();
  const [whole = new Float32Array()] = await askQuestions(engine, [question], asker);
  const runMs = costOf(engine, performance.now() - startMs);
  const tags = input.tags ?? toTagging(engine.manifest, whole).tags.slice(0, limits.explainedTags);
  const labels = tags.map((tag, position) => labelOf(engine, tag, position));
  const explained = distinct.slice(0, affordableWords(runMs, question));
  const variants = explained.map(({ spans }) => leaveOut(question, spans));
  const without = variants.length > 0 ? await askQuestions(engine, variants, asker) : [];
  return {
    ml_model_metadata: toMetadata(engine.manifest),
    explanations: tags.map((tag, position) => {
      const label = labels[position] ?? 0;
      const confidence = whole[label] ?? 0;
      const effects = explained.map(({ text, spans }, i) => ({
        text,
        drop: confidence - (without[i]?.[label] ?? 0),
        spans: spans.map((span) => asGiven(input, span)),
      }));
      return { tag, confidence, words: strongestFirst(effects) };
    }),
    words: { total: distinct.length, explained: explained.length },
  };
}

/** The question as `predict` reads it: without the blanks at the ends of its title. */
export const asPredicted = ({ title, body }: Question): Question => ({ title: title.trim(), body });

function asGiven({ title }: Question, { field, start, end }: WordEffect["spans"][number]) {
  const cut = field === "title" ? title.length - title.trimStart().length : 0;
  return { field, start: start + cut, end: end + cut };
}

type DistinctWord = Omit<WordEffect, "drop">;

function distinctWords(question: Question): DistinctWord[] {
  const found = new Map<string, DistinctWord>();
  for (const { text, field, start, end } of words(question)) {
    const key = text.toLowerCase();
    const word = found.get(key) ?? { text, spans: [] };
    word.spans.push({ field, start, end });
    found.set(key, word);
  }
  return [...found.values()];
}

/** Of a heavy model, such a question: it may be a hundred times as long as the one by which the model was measured. */
function costOf({ runMs }: Engine, tookMs: number): number {
  return runMs < engineDefaults.inlineRunMs ? runMs : Math.max(runMs, tookMs);
}

function affordableWords(runMs: number, { title, body }: Question): number {
  const characters = Math.max(1, title.length + body.length);
  const { explainedWords, explainedCharacters, explainedMs } = limits;
  return Math.min(explainedWords, Math.floor(explainedCharacters / characters), Math.floor(explainedMs / runMs));
}

/** As somebody would write it without the word: a model may read what blanks it leaves behind. */
function leaveOut({ title, body }: Question, spans: DistinctWord["spans"]): Question {
  return { title: cut(title, spansOf("title", spans)), body: cut(body, spansOf("body", spans)) };
}

const spansOf = (field: Word["field"], spans: DistinctWord["spans"]) => spans.filter((span) => span.field === field);

/** Of blanks on both sides one goes with the word; where there is none, one takes its place, or two words could become one. */
function cut(text: string, spans: DistinctWord["spans"]): string {
  const kept: string[] = [];
  let last: string | undefined;
  let from = 0;
  for (const { start, end } of spans) {
    let piece = text.slice(from, start);
    const [before, after] = [piece.at(-1) ?? last, text[end]];
    from = end;
    if (!isBlank(before) && !isBlank(after)) piece += " ";
    if (isBlank(before) && isBlank(after)) {
      if (piece.endsWith(" ")) piece = piece.slice(0, -1);
      else if (after === " ") from++;
    }
    kept.push(piece);
    last = piece.at(-1) ?? last;
  }
  return kept.join("") + text.slice(from);
}

/** The end of a text is as good as one. */
const isBlank = (character: string | undefined) => character === undefined || /\s/.test(character);

function labelOf({ manifest }: Engine, tag: string, position: number): number {
  const label = manifest.labels.indexOf(tag);
  if (label >= 0) return label;
  const msg = "Input should be one of the model's labels";
  throw new ServiceError("invalid_input", `tags.${position}: ${msg}`, {
    fields: [{ type: "enum", loc: ["body", "tags", position], msg }],
  });
}

const strongestFirst = (effects: WordEffect[]) =>
  effects.filter(({ drop }) => Math.abs(drop) >= smallestDrop).sort((a, b) => b.drop - a.drop);
