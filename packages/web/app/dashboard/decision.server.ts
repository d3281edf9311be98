import { data, redirect, type ActionFunctionArgs } from "@remix-run/node";
import * as z from "zod";
import type { Releases, StoreFailure, StoreResult } from "../../server/dashboard/releases.ts";
import { readForm } from "../form.server.ts";
import { requireAdmin } from "./admin.server.ts";

const text = z.string().min(1).max(200);
/** Marks the state that was decided on. */
const seen = z.string().max(200);

/** What the admin may choose, as its form says it. */
export const choices = z.discriminatedUnion("intent", [
  z.object({ intent: z.literal("promote"), name: text, version: text, seen }),
  /** `to` is the version that it goes back to, as NAME@VERSION: it is shown, and `seen` alone decides. */
  z.object({ intent: z.literal("rollback"), to: text, seen }),
  /** `tried` is the version on trial; likewise. */
  z.object({ intent: z.literal("stop"), tried: text, seen }),
]);

export type Choice = z.infer<typeof choices>;

export interface DecisionFailure {
  readonly title: string;
  readonly message: string;
  readonly status: number;
}

interface Asked {
  /** The admin's name. */
  readonly by: string;
  readonly form: FormData;
}

/** What the forms of a decision are sent to. */
export async function takeDecision(asked: ActionFunctionArgs) {
  const { name: by } = await requireAdmin(asked);
  const failure = await decide(asked.context.dashboard.releases, { by, form: await readForm(asked.request) });
  if (!failure) return redirect("/dashboard/models");
  return data({ failure }, { status: failure.status });
}

/** Does what the form says. Gives why it couldn't, and nothing where it could. */
async function decide(releases: Releases | undefined, { by, form }: Asked): Promise<DecisionFailure | undefined> {
  const given = choices.safeParse(Object.fromEntries(form));
  if (!releases || !given.success) {
    const message = "The form was not one of this page’s. Nothing was changed.";
    return { title: "That can’t be done", message, status: 422 };
  }
  const result = await carryOut(releases, given.data, by);
  return result.ok ? undefined : describe(result.failure);
}

function carryOut(releases: Releases, given: Choice, by: string): Promise<StoreResult<string>> {
  const { seen } = given;
  switch (given.intent) {
    case "promote":
      return releases.promote(given, { by, seen });
    case "rollback":
      return releases.rollback({ by, seen });
    case "stop":
      return releases.stopTrial({ by, seen });
  }
}

function describe({ code, message }: StoreFailure): DecisionFailure {
  switch (code) {
    case "conflict":
    case "no_trial":
      return {
        title: "Somebody else was faster",
        message: `${message}. Look how it stands now, and decide again if you still want to.`,
        status: 409,
      };
    case "worse":
      return {
        title: "This version was found worse",
        message: `${message}. Nothing was changed; \`npm run model -- promote --force\` puts it to use all the same.`,
        status: 409,
      };
    case "not_found":
    case "no_previous":
    case "hash_mismatch":
    case "invalid_manifest":
      return { title: "This version can’t be put to use", message: `${message}. Nothing was changed.`, status: 409 };
    default:
      return {
        title: "The store failed",
        message: `${message}. Look whether anything was changed.`,
        status: 502,
      };
  }
}
