import { initTRPC } from "@trpc/server";
import { askQuestions, askRows } from "./ask.ts";
import { asPredicted, explain } from "./explain.ts";
import { floatBatchCut } from "./float-batch.ts";
import type { Asker, Engine, ModelAccess } from "./model-access.ts";
import { toCountedTagging } from "./prediction-counts.ts";
import {
  explainInput,
  question,
  questionBatch,
  type CurrentModel,
  type ExplainOutput,
  type ModelMetadata,
  type PredictBatchOutput,
  type PredictOutput,
} from "./schemas.ts";
import { toMetadata } from "./tagging.ts";
import { toErrorShape } from "./wire-errors.ts";

export interface Context extends Asker {
  readonly model: ModelAccess;
}

const t = initTRPC.context<Context>().create({ errorFormatter: toErrorShape });

/**
 * Whatever takes a question is a mutation: a query's input travels in the address, which balancers log and cut.
 */
export const router = t.router({
  predict: t.procedure.input(question).mutation(({ ctx, input }): Promise<PredictOutput> => {
    const answer = async (engine: Engine) => {
      const [probabilities = new Float32Array()] = await askQuestions(engine, [input], ctx);
      return { ml_model_metadata: toMetadata(engine.manifest), ...toCountedTagging(engine.manifest, probabilities) };
    };
    return ctx.model.lease(answer, ctx, [input]);
  }),

  predictBatch: t.procedure.input(questionBatch).mutation(({ ctx, input }): Promise<PredictBatchOutput> => {
    const answer = async (engine: Engine) => toBatchOutput(engine, await askQuestions(engine, input.questions, ctx));
    return ctx.model.lease(answer, ctx, input.questions);
  }),

  predictFloats: t.procedure.input(floatBatchCut).mutation(({ ctx, input }): Promise<PredictBatchOutput> => {
    const answer = async (engine: Engine) => toBatchOutput(engine, await askRows(engine, input.inputs, ctx));
    const [first = []] = input.inputs;
    return ctx.model.lease(answer, ctx, [{ floats: first }]);
  }),

  explain: t.procedure.input(explainInput).mutation(({ ctx, input }): Promise<ExplainOutput> => {
    return ctx.model.lease((engine) => explain(engine, input, ctx), ctx, [asPredicted(input)]);
  }),

  model: t.router({
    current: t.procedure.query(({ ctx }): CurrentModel => {
      const { manifest, manifestSha256 } = ctx.model.current();
      return {
        ...toMetadata(manifest),
        licence: manifest.licence,
        created_at: manifest.created_at,
        manifest_sha256: manifestSha256,
        input_kind: manifest.input.kind,
        ...(manifest.input.kind === "floats" && { columns: manifest.input.columns }),
        labels: [...manifest.labels],
        thresholds: [...manifest.thresholds],
        unlabelled_discount: manifest.unlabelled_discount ?? 0,
        metrics: manifest.metrics,
      };
    }),
  }),

  models: t.procedure.query(({ ctx }): ModelMetadata => toMetadata(ctx.model.current().manifest)),

  /** Whether the service answers at all; `/readyz` tells whether it can predict. */
  health: t.procedure.query(() => "Service healthy!" as const),
});

function toBatchOutput({ manifest }: Engine, probabilities: readonly Float32Array[]): PredictBatchOutput {
  const results = probabilities.map((row) => toCountedTagging(manifest, row));
  return { ml_model_metadata: toMetadata(manifest), results };
}

export type AppRouter = typeof router;

export const createCaller = t.createCallerFactory(router);
