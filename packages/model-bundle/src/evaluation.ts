import * as z from "zod";
import { BundleError, isBundleError } from "./errors.ts";
import { versionId, VERSIONS_PREFIX } from "./layout.ts";
import { releaseFields } from "./manifest.ts";
import { toRelease } from "./pointer.ts";
import { readJson } from "./read-json.ts";
import type { Release } from "./release.ts";
import type { ModelStore } from "./store.ts";

const figures = z.strictObject({ candidate: z.number(), baseline: z.number() });
const measured = z.strictObject({
  ...figures.shape,
  /** 95 % of the differences in questions drawn anew. */
  interval: z.tuple([z.number(), z.number()]),
  /** How often answers swapped at random between the two differ at least as much. */
  p: z.number().min(0).max(1),
});

const schema = z.strictObject({
  schema_version: z.literal(1),
  candidate: z.strictObject(releaseFields),
  baseline: z.strictObject(releaseFields),
  evaluated_at: z.iso.datetime({ offset: true }),
  questions: z.int().min(1),
  labels: z.int().min(1),
  micro_f1: measured,
  weighted_f1: measured,
  verdict: z.enum(["better", "no_difference", "worse"]),
});

/** How one release compared with another on the same questions: what `npm run evaluate` found and the store keeps. */
export type Evaluation = z.infer<typeof schema>;
export type ComparedFigure = z.infer<typeof measured>;

const keyOf = (candidate: Release, baseline: Release) =>
  `${VERSIONS_PREFIX}evaluations/${candidate.manifestSha256}-${baseline.manifestSha256}.json`;

type Found = Omit<Evaluation, "schema_version">;

/** Keeps it beside the models, in the place of an earlier one of the same two, whichever of them is the one in use by then. */
export async function writeEvaluation(store: ModelStore, evaluation: Found): Promise<void> {
  for (const found of [evaluation, turned(evaluation)]) {
    const key = keyOf(toRelease(found.candidate), toRelease(found.baseline));
    await store.write(key, `${JSON.stringify({ schema_version: 1, ...found }, null, 2)}\n`);
  }
}

/** What was found of the baseline beside the candidate. */
function turned(found: Found): Found {
  const { candidate, baseline, micro_f1: micro, weighted_f1: weighted, verdict } = found;
  const turn = ({ interval: [from, to], ...figure }: ComparedFigure): ComparedFigure => ({
    ...figure,
    candidate: figure.baseline,
    baseline: figure.candidate,
    interval: [-to, -from],
  });
  const verdicts = { better: "worse", worse: "better", no_difference: "no_difference" } as const;
  return {
    ...found,
    candidate: baseline,
    baseline: candidate,
    micro_f1: turn(micro),
    weighted_f1: turn(weighted),
    verdict: verdicts[verdict],
  };
}

/** Undefined where the two were never compared. @throws {BundleError} `invalid_evaluation` */
export async function readEvaluation(
  store: ModelStore,
  candidate: Release,
  baseline: Release,
): Promise<Evaluation | undefined> {
  const key = keyOf(candidate, baseline);
  try {
    const { text } = await store.readText(key);
    return readJson(text, schema, (problem, cause) => {
      return new BundleError("invalid_evaluation", `${key}${problem}`, { cause });
    });
  } catch (error) {
    if (isBundleError(error, "not_found")) return undefined;
    throw error;
  }
}

/**
 * Lets a release through unless it was compared with the one in use and found worse.
 * @throws {BundleError} `worse`, with the figures
 */
export async function assertNotWorse(store: ModelStore, candidate: Release, baseline: Release): Promise<void> {
  const evaluation = await readEvaluation(store, candidate, baseline);
  if (evaluation?.verdict !== "worse") return;
  const { micro_f1, weighted_f1, questions } = evaluation;
  const figure = (name: string, { candidate: ours, baseline: theirs, p }: ComparedFigure) =>
    `${name} ${ours.toFixed(3)} against ${theirs.toFixed(3)} (p ${p < 0.001 ? "< .001" : `= ${p.toFixed(3)}`})`;
  const found = `${figure("micro F1", micro_f1)}, ${figure("weighted F1", weighted_f1)} on ${questions} questions`;
  throw new BundleError(
    "worse",
    `${versionId(candidate)} is worse than ${versionId(baseline)}, which is in use: ${found}`,
  );
}
