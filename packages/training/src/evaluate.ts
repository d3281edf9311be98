import { type Question } from "@tagsmith/features/question";
import { type Predictor } from "@tagsmith/model-bundle/predictor";
import { thresholdFactor } from "@tagsmith/model-bundle/threshold-factor";
import { type Example } from "./dataset.ts";
import { type LabelSet, targetsOf } from "./labels.ts";
import { type Scored } from "./metrics.ts";

/** How questions are asked in an evaluation: with their titles alone, or as they are. */
export type View = "titles" | "bodies";

const CHUNK = 64;

/** The examples that a view judges: all by their titles, and those that have a body with it. */
export function viewOf<Kind extends Example>(examples: readonly Kind[], view: View): Kind[] {
  if (view === "bodies") return examples.filter(({ question }) => question.body !== "");
  return examples.map((example) => ({ ...example, question: { title: example.question.title, body: "" } }));
}

/** Each question once, however often it is there: asked twice, it would tell no more of a difference and make it look surer. */
export function distinct<Kind extends Example>(examples: readonly Kind[]): Kind[] {
  const asked = new Map<string, Kind>();
  for (const example of examples) {
    const key = JSON.stringify([example.question.title, example.question.body]);
    if (!asked.has(key)) asked.set(key, example);
  }
  return [...asked.values()];
}

/** A question's tags are read in lower case, whatever that of a model's labels is. */
export const folded = (label: string): string => label.toLowerCase();

/** Asks the model itself, quantised as it is, through onnxruntime; of a label that it doesn't know it says 0. */
export async function scoreWith(predictor: Predictor, examples: readonly Example[], set: LabelSet): Promise<Scored> {
  const known = predictor.manifest.labels.map(folded);
  const columns = set.labels.map((label) => known.indexOf(label));
  const labels = columns.length;
  const probabilities = new Float32Array(examples.length * labels);
  const factors = new Float32Array(examples.length);
  for (let begin = 0; begin < examples.length; begin += CHUNK) {
    const questions: Question[] = examples.slice(begin, begin + CHUNK).map(({ question }) => question);
    const rows = await predictor.predict(questions);
    rows.forEach((row, index) => {
      probabilities.set(
        columns.map((column) => row[column] ?? 0),
        (begin + index) * labels,
      );
      factors[begin + index] = thresholdFactor(predictor.manifest, row);
    });
  }
  return { probabilities, targets: targetsOf(examples, set), labels, factors };
}
