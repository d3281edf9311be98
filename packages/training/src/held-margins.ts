import { type Question } from "@tagsmith/features/question";
import { type Vocabulary } from "@tagsmith/features/vocabulary";
import { type Example } from "./dataset.ts";
import { type View, viewOf } from "./evaluate.ts";
import { type Held, type HeldRow } from "./fit-calibration.ts";
import { type LabelSet, targetsOf } from "./labels.ts";
import { matrixOf } from "./matrix.ts";
import { type Model, score } from "./score.ts";
import { type Transformer } from "./transformer.ts";

export interface Asked {
  readonly model: Model;
  readonly set: LabelSet;
  readonly vocabulary: Vocabulary;
  /** Its scores are added to the margins. */
  readonly transformer: Transformer | undefined;
}

/** Asks a model the questions that it was not trained on, in both views. */
export async function askHeld(held: readonly Example[], asked: Asked): Promise<Held> {
  const halved = held.map((example, index) => ({ ...example, half: index % 2 }));
  const ask = async (view: View): Promise<HeldRow[]> => {
    const rows = viewOf(halved, view);
    const margins = await marginsOf(
      rows.map(({ question }) => question),
      asked,
    );
    const targets = targetsOf(rows, asked.set);
    const width = asked.set.labels.length;
    return rows.map(({ half }, row) => ({
      margins: margins.subarray(row * width, (row + 1) * width),
      targets: targets.subarray(row * width, (row + 1) * width),
      half,
    }));
  };
  return { titles: await ask("titles"), bodies: await ask("bodies") };
}

/** `[row * labels + label]`. */
export async function marginsOf(
  questions: readonly Question[],
  { model, vocabulary, transformer }: Omit<Asked, "set">,
): Promise<Float32Array> {
  const margins = score(model, matrixOf(questions, vocabulary));
  const scores = await transformer?.scores(questions);
  return scores ? margins.map((margin, at) => margin + (scores[at] ?? 0)) : margins;
}
